import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { linearCpu, linearGradCpu } from './linear.cpu.ts'
import { linear, linearDw, linearDx } from './linear.ts'

// Rows are odd; columns are multiples of 4 that are not multiples of a tile.
const shapes = [
  [1, 4, 4],
  [3, 16, 12],
  [17, 12, 264],
  [127, 20, 68],
  [129, 68, 20],
  [1030, 16, 16],
] as const

test('linear and its gradients agree with the twin at odd sizes', async () => {
  const device = await openTestDevice()
  for (const [m, k, n] of shapes) {
    const [x, w, bias, dy] = [
      testValues(m * k, 1),
      testValues(k * n, 2),
      testValues(n, 3),
      testValues(m * n, 4),
    ]
    const [tx, tw, tdy] = [tf.tensor2d(x, [m, k]), tf.tensor2d(w, [k, n]), tf.tensor2d(dy, [m, n])]
    const expected = linearGradCpu(x, w, dy, m)
    const { dw, db } = linearDw(device, tx, tdy)
    const label = `${m} x ${k} x ${n}`
    expect(
      await worstDifference(linear(device, tx, tw, tf.tensor1d(bias)), linearCpu(x, w, bias, m)),
      label,
    ).toBeLessThan(1e-6)
    expect(await worstDifference(linearDx(device, tdy, tw), expected.dx), label).toBeLessThan(1e-6)
    expect(await worstDifference(dw, expected.dw), label).toBeLessThan(2e-6)
    expect(await worstDifference(db, expected.db), label).toBeLessThan(2e-6)
  }
  expect(() => linear(device, tf.zeros([3, 6]), tf.zeros([6, 4]))).toThrow('multiples of 4')
  device.gpu.assertHealthy()
})
