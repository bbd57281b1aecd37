import { expect, it } from 'vitest'
import { normalArray } from '../../arrgen/normal-array.ts'
import { type ModelConfig, SIGREG_SLICES, v1 } from '../../model/model-config.ts'
import { openTestGpu } from '../ops/test-gpu.ts'
import { createFusedEngine, createStreamedEngine } from './create-fused-engine.ts'
import { modelRegions } from './model-regions.ts'
import { parameterLayout } from './parameter-layout.ts'
import { planStreamed } from './streamed-plan.ts'

const config: ModelConfig = { name: 'odd', dim: 20, ffn: 44, layers: 3, heads: 2, vocab: 264 }

it('gives what the whole model gives, row by row, with weights read once for 32 rows', async () => {
  const gpu = await openTestGpu()
  const whole = createFusedEngine(config, gpu)
  await whole.initialise(3)
  let read = 0
  const streamed = createStreamedEngine(config, gpu, (name) => {
    read += 1
    return whole.readTensor(name)
  })
  const rows = 35
  const sequence = 9
  const tokens = Int32Array.from({ length: rows * sequence }, (_, i) => (i * i + 31 * i) % 256)
  const targets = tokens.map((token, i) => (i % 4 === 0 ? 256 : (token * 7) % 256))
  const positions = tokens.map((_, i) => 1000 + (i % 13))
  const noise = normalArray(5n, config.dim * SIGREG_SLICES)
  for (const batch of [
    { tokens, targets, rows, sequence },
    { tokens, targets, positions, rows, sequence },
  ]) {
    const [expected, actual] = [await whole.evaluate(batch, noise), await streamed.evaluate(batch, noise)]
    expect(actual.rowMeans).toEqual(expected.rowMeans)
    expect(actual.targets).toBe(expected.targets)
    expect(Math.abs(actual.nats / expected.nats - 1)).toBeLessThan(1e-6)
    expect(Math.abs(actual.sigreg / expected.sigreg - 1)).toBeLessThan(1e-5)
  }
  // 5 tensors outside the layers, 16 in each, for two batches of 35 rows.
  expect(read).toBe(2 * 2 * (5 + 3 * 16))
  expect(gpu.failure()).toBeUndefined()
  for (const engine of [whole, streamed]) engine.dispose()
})

it('takes less than 1.5 GB for V1 at 1,024 tokens', () => {
  const layout = parameterLayout(v1, 2 ** 31)
  const model = modelRegions(layout, { values: 'block', gradients: 'block', moments: 'block' })
  const shape = { rows: 1, sequence: 1024, dropout: false, positions: true }
  const weights = model.values.reduce((sum, { bytes }) => sum + bytes, 0)
  expect(weights + planStreamed(v1, model, shape, 32, true).bytes).toBeLessThan(1.5e9)
})
