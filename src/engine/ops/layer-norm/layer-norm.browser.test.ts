import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { layerNormCpu } from './layer-norm.cpu.ts'
import { layerNorm, layerNormGrad } from './layer-norm.ts'

const shapes = [
  [1, 4],
  [3, 16],
  [17, 64],
  [127, 20],
  [129, 132],
] as const

test('layer norm and its gradients agree with the twin at odd sizes', async () => {
  const device = await openTestDevice()
  for (const [rows, dim] of shapes) {
    const x = testValues(rows * dim, 1, 3)
    const [gamma, beta, dy] = [testValues(dim, 2), testValues(dim, 3), testValues(rows * dim, 4)]
    const expected = layerNormCpu(x, gamma, beta, dy)
    const [tx, tgamma] = [tf.tensor2d(x, [rows, dim]), tf.tensor1d(gamma)]
    const { y, stats } = layerNorm(device, tx, tgamma, tf.tensor1d(beta))
    const grads = layerNormGrad(device, tx, tgamma, stats, tf.tensor2d(dy, [rows, dim]))
    const label = `${rows} x ${dim}`
    expect(await worstDifference(y, expected.y), label).toBeLessThan(2e-6)
    expect(await worstDifference(grads.dx, expected.dx), label).toBeLessThan(5e-6)
    expect(await worstDifference(grads.dgamma, expected.dgamma), label).toBeLessThan(2e-6)
    expect(await worstDifference(grads.dbeta, expected.dbeta), label).toBeLessThan(2e-6)
  }
  device.gpu.assertHealthy()
})
