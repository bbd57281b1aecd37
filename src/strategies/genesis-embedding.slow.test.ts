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
  'v1-mid': { pooled: number[][] }
}

describe('genesisEmbedding', () => {
  // All 8 windows are compared on a GPU device (strategies.browser.test.ts); one takes a second here.
  it.each([
    ['v1-small', 2],
    ['v1-mid', 1],
  ] as const)('matches the package with %s, %i windows', { timeout: 60_000 }, async (folder, count) => {
    const golden = await goldenJson<Golden>('genesis/genesis.json')
    const engine = createReferenceEngine(goldenModels[folder].config)
    await loadGoldenWeights(engine, `${folder}/weights.init.safetensors`)
    const windows = golden.sequences_base64.map((text) => Uint8Array.from(Buffer.from(text, 'base64')))
    const made = await genesisEmbedding(engine, windows.slice(0, count))
    engine.dispose()
    const pooled = golden[folder].pooled.slice(0, count)
    const sum = pooled[0]!.map((_, unit) => pooled.reduce((total, row) => total + row[unit]!, 0))
    const norm = Math.hypot(...sum)
    const expected = sum.map((value) => value / norm)
    expect(maxDifference(made.embedding, expected)).toBeLessThanOrEqual(EMBEDDING)
    expect(made.windows).toBe(count)
    if (count > 1) expect(made.stability).toBeGreaterThan(0.9)
    else expect(made.stability).toBeUndefined()
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
  })

  it('refuses no windows at all', async () => {
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    await expect(genesisEmbedding(engine, [])).rejects.toThrow(/0 windows/)
  })
})
