import { describe, expect, it } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../test/golden-models.ts'
import { goldenJson, maxDifference } from '../../test/golden-tensors.ts'
import { createReferenceEngine } from '../engine/create-reference-engine.ts'
import { genesisEmbedding } from './genesis-embedding.ts'

/** golden README, "Tolerances": embeddings (genesis 1e-6). */
const EMBEDDING = 1e-6

interface Golden {
  sequences_base64: string[]
  'v1-small': { pooled: number[][] }
}

describe('genesisEmbedding', () => {
  // All 8 windows, and v1-mid, are compared on a GPU device (strategies.browser.test.ts); a window takes seconds here.
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

  it('takes windows of different lengths, each without EOS and PAD', async () => {
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    await loadGoldenWeights(engine, 'scoring/weights.tiny-42.safetensors')
    const short = Uint8Array.of(1, 2, 3)
    const long = Uint8Array.of(4, 5, 6, 7, 8)
    const both = await genesisEmbedding(engine, [short, long])
    const one = await engine.evaluate({
      tokens: Int32Array.from(short),
      targets: Int32Array.of(2, 3, 256),
      rows: 1,
      sequence: 3,
    })
    const other = await engine.evaluate({
      tokens: Int32Array.from(long),
      targets: Int32Array.of(5, 6, 7, 8, 256),
      rows: 1,
      sequence: 5,
    })
    const sum = Array.from(one.rowMeans, (value, unit) => value + other.rowMeans[unit]!)
    const norm = Math.hypot(...sum)
    expect(
      maxDifference(
        both.embedding,
        sum.map((value) => value / norm),
      ),
    ).toBeLessThan(EMBEDDING)
    expect(both.windows).toBe(2)
    expect((await genesisEmbedding(engine, [long])).stability).toBeUndefined()
  })

  it('refuses no windows at all', async () => {
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    await expect(genesisEmbedding(engine, [])).rejects.toThrow(/0 windows/)
  })
})
