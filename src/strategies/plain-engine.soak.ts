import { describe, expect, it } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../test/golden-models.ts'
import { goldenJson, maxDifference } from '../../test/golden-tensors.ts'
import { createReferenceEngine } from '../engine/create-reference-engine.ts'
import { genesisEmbedding } from './genesis-embedding.ts'
import { cases, matchesNetwork, vectorNames } from './golden-scores.fixture.ts'

/** golden README, "Tolerances": embeddings (genesis 1e-6). */
const EMBEDDING = 1e-6

interface Golden {
  sequences_base64: string[]
  'v1-small': { pooled: number[][] }
}

describe('scoreData on the plain engine', () => {
  const wide = cases.filter(({ weights, name }) => weights !== 'tiny-42' && name in vectorNames)
  it.each(wide)('matches the network: $name', (example) => matchesNetwork(example))
})

describe('genesisEmbedding on the plain engine', () => {
  it('matches the package with v1-small', { timeout: 60_000 }, async () => {
    const golden = await goldenJson<Golden>('genesis/genesis.json')
    const engine = createReferenceEngine(goldenModels['v1-small'].config)
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    const windows = golden.sequences_base64.map((text) => Uint8Array.from(Buffer.from(text, 'base64')))
    const made = await genesisEmbedding(engine, windows.slice(0, 2))
    engine.dispose()
    const [first, second] = golden['v1-small'].pooled as [number[], number[]]
    const sum = first.map((value, unit) => value + second[unit]!)
    const norm = Math.hypot(...sum)
    const expected = sum.map((value) => value / norm)
    expect(maxDifference(made.embedding, expected)).toBeLessThanOrEqual(EMBEDDING)
    expect(made.windows).toBe(2)
    expect(made.stability).toBeGreaterThan(0.9)
  })
})
