import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { sumOfSquaresCpu } from '../sum/sum.cpu.ts'
import { sumOfSquares } from '../sum/sum.ts'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { adamCpu } from './adam.cpu.ts'
import { adam } from './adam.ts'

test('Adam changes value and moments in place as its twin, at odd sizes', async () => {
  const device = await openTestDevice()
  for (const size of [1, 3, 17, 129, 1031]) {
    const value = testValues(size, 1)
    const state = { name: 'w', value: tf.tensor1d(value), m: tf.zeros([size]), v: tf.zeros([size]) }
    let expected: [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>] = [
      value,
      new Float64Array(size),
      new Float64Array(size),
    ]
    for (const step of [1, 2, 3]) {
      const gradient = testValues(size, step + 1, 1e-3)
      adam(device, state, tf.tensor1d(gradient), { learningRate: 1e-3, step })
      expected = adamCpu(...expected, gradient, { learningRate: 1e-3, step })
    }
    expect(await worstDifference(state.value, expected[0])).toBeLessThan(5e-7)
    expect(await worstDifference(state.m, expected[1])).toBeLessThan(5e-7)
    expect(await worstDifference(state.v, expected[2])).toBeLessThan(5e-7)
  }
  device.gpu.assertHealthy()
})

test('the sum of squares runs over all tensors', async () => {
  const device = await openTestDevice()
  const arrays = [1, 127, 1029, 70_001].map((size, seed) => testValues(size, seed))
  const total = sumOfSquares(
    device,
    arrays.map((values) => tf.tensor1d(values)),
  )
  expect(await worstDifference(total, [sumOfSquaresCpu(...arrays)])).toBeLessThan(1e-6)
  device.gpu.assertHealthy()
})
