import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { crossEntropyCpu } from './cross-entropy.cpu.ts'
import { crossEntropy, crossEntropyGrad } from './cross-entropy.ts'

test('cross-entropy and its gradient agree with the twin, PAD targets apart', async () => {
  const device = await openTestDevice()
  for (const rows of [1, 3, 17, 129]) {
    const logits = testValues(rows * 264, 1, 20)
    const targets = Int32Array.from({ length: rows }, (_, row) => (row % 3 === 2 ? 256 : (row * 37) % 258))
    const expected = crossEntropyCpu(logits, targets)
    const [tl, tt] = [tf.tensor2d(logits, [rows, 264]), tf.tensor1d(targets, 'int32')]
    const { losses, lse } = crossEntropy(device, tl, tt)
    expect(await worstDifference(losses, expected.losses)).toBeLessThan(3e-7)
    const dlogits = crossEntropyGrad(device, tl, tt, lse, tf.scalar(2), 0.5)
    expect(await worstDifference(dlogits, expected.dlogits)).toBeLessThan(3e-6)
  }
  device.gpu.assertHealthy()
})
