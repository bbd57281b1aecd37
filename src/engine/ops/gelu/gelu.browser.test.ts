import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { philoxSite } from '../../philox.ts'
import { dropoutMaskCpu } from '../dropout/dropout.cpu.ts'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { erfCpu, geluCpu } from './gelu.cpu.ts'
import { gelu, geluDx } from './gelu.ts'

test('the twin knows erf', () => {
  // Abramowitz and Stegun, table 7.1.
  expect(erfCpu(0.5)).toBeCloseTo(0.5204998778, 10)
  expect(erfCpu(-1.5)).toBeCloseTo(-0.9661051465, 10)
  expect(erfCpu(3.5)).toBeCloseTo(0.9999992569, 10)
})

test('gelu and its gradient agree with the twin, with and without dropout', async () => {
  const device = await openTestDevice()
  const [rows, sequence, ffn] = [3, 17, 20]
  const x = testValues(rows * sequence * ffn, 1, 6)
  const dy = testValues(x.length, 2)
  const [tx, tdy] = [tf.tensor2d(x, [rows * sequence, ffn]), tf.tensor2d(dy, [rows * sequence, ffn])]
  const stream = { seed: 7, step: 3, microBatch: 1, layer: 2, site: philoxSite.ffn }
  for (const dropout of [undefined, { rate: 0.3, stream }]) {
    const mask = dropout
      ? [0, 1, 2].flatMap((row) => dropoutMaskCpu(dropout, row, 0, sequence * ffn))
      : [...x].map(() => 1)
    const y = [...x].map((value, index) => geluCpu(value).y * mask[index]!)
    const dx = [...x].map((value, index) => geluCpu(value).slope * dy[index]! * mask[index]!)
    expect(await worstDifference(gelu(device, tx, rows, dropout), y)).toBeLessThan(2e-7)
    expect(await worstDifference(geluDx(device, tx, tdy, rows, dropout), dx)).toBeLessThan(5e-7)
  }
  device.gpu.assertHealthy()
})
