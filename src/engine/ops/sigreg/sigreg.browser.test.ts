import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { linear, linearDx } from '../linear/linear.ts'
import { sum } from '../sum/sum.ts'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { sigregCpu } from './sigreg.cpu.ts'
import { normaliseColumns, sigreg, sigregGrad } from './sigreg.ts'

// The last case has large projections, so that the range reduction is used.
const cases = [
  [1, 4, 4, 5, 1],
  [3, 16, 12, 17, 2],
  [17, 8, 256, 17, 40],
] as const

test('SIGReg agrees with the twin for several slices and points, its gradient with finite differences', async () => {
  const device = await openTestDevice()
  for (const [rows, dim, slices, points, scale] of cases) {
    const [x, noise] = [testValues(rows * dim, 1, scale), testValues(dim * slices, 2)]
    const columns = normaliseColumns(device, tf.tensor2d(noise, [dim, slices]))
    const y = linear(device, tf.tensor2d(x, [rows, dim]), columns)
    const { statistic, slopes } = sigreg(device, y, points)
    const loss = sum(device, statistic, 1 / rows)
    expect(await worstDifference(loss, [sigregCpu(x, noise, dim, points)])).toBeLessThan(5e-6)
    const dx = linearDx(device, sigregGrad(device, y, slopes, tf.scalar(1), 1 / rows), columns)
    const step = 1e-4
    const slopesOfTwin = [...x.keys()].map((index) => {
      const [up, down] = [Float64Array.from(x), Float64Array.from(x)]
      up[index]! += step
      down[index]! -= step
      return (sigregCpu(up, noise, dim, points) - sigregCpu(down, noise, dim, points)) / (2 * step)
    })
    expect(await worstDifference(dx, slopesOfTwin)).toBeLessThan(1e-4)
  }
  device.gpu.assertHealthy()
})
