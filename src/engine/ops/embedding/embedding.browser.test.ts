import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { embeddingGradCpu } from './embedding.cpu.ts'
import { embedding, embeddingGrad } from './embedding.ts'

const VOCAB = 264

test('embedding gathers rows and its gradient sums them, at odd sizes', async () => {
  const device = await openTestDevice()
  for (const [positions, dim] of [
    [1, 4],
    [17, 16],
    [127, 20],
    [129, 68],
  ] as const) {
    const tokens = Int32Array.from(testValues(positions, 5, 3), (value) =>
      value > 1 ? 257 : Math.floor(Math.abs(value) * 9),
    )
    const [weight, dy] = [testValues(VOCAB * dim, 1), testValues(positions * dim, 2)]
    const ids = tf.tensor1d(tokens, 'int32')
    const rows = Float32Array.from(
      dy,
      (_, index) => weight[tokens[Math.floor(index / dim)]! * dim + (index % dim)]!,
    )
    expect(await worstDifference(embedding(device, tf.tensor2d(weight, [VOCAB, dim]), ids), rows)).toBe(0)
    const grad = embeddingGrad(device, tf.tensor2d(dy, [positions, dim]), ids, VOCAB)
    expect(await worstDifference(grad, embeddingGradCpu(dy, tokens, VOCAB))).toBeLessThan(1e-6)
  }
  device.gpu.assertHealthy()
})
