import { describe, expect, it } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../test/golden-models.ts'
import { maxDifference } from '../../test/golden-tensors.ts'
import { createReferenceEngine } from '../engine/create-reference-engine.ts'
import { genesisEmbedding } from './genesis-embedding.ts'

/** golden README, "Tolerances": embeddings (genesis 1e-6). */
const EMBEDDING = 1e-6

// Compared with the package in strategies.browser.test.ts on a GPU device, and in plain-engine.soak.ts: a window takes seconds here.
describe('genesisEmbedding', () => {
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
