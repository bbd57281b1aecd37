import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { philoxSite } from '../../philox.ts'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { dropoutMaskCpu } from './dropout.cpu.ts'
import { dropout } from './dropout.ts'

test('dropout on the device draws the words of the Philox twin, with and without a base', async () => {
  const device = await openTestDevice()
  const [rows, sequence, width] = [3, 127, 12]
  const stream = { seed: 0xffffffff, step: 129, microBatch: 2, layer: 23, site: philoxSite.ffnResidual }
  const drop = { rate: 0.1, stream }
  const [base, x] = [testValues(rows * sequence * width, 1), testValues(rows * sequence * width, 2)]
  const mask = [0, 1, 2].flatMap((row) => dropoutMaskCpu(drop, row, 0, sequence * width))
  const [tx, tbase] = [tf.tensor2d(x, [rows * sequence, width]), tf.tensor2d(base, [rows * sequence, width])]
  const dropped = [...x].map((value, index) => value * mask[index]!)
  expect(await worstDifference(dropout(device, tx, rows, drop), dropped)).toBeLessThan(1e-7)
  const sums = dropped.map((value, index) => value + base[index]!)
  expect(await worstDifference(dropout(device, tx, rows, drop, tbase), sums)).toBeLessThan(1.2e-7)
  device.gpu.assertHealthy()
})
