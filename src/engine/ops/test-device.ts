import type * as tf from '@tensorflow/tfjs'
import { openDevice } from '../../gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'

/** For tests: the device, registered with tfjs. */
export async function openTestDevice(): Promise<TfjsDevice> {
  return openTfjsDevice(await openDevice())
}

export { testValues } from './test-values.ts'

/** For tests: largest difference, divided by the largest expected magnitude. */
export async function worstDifference(actual: tf.Tensor, expected: ArrayLike<number>): Promise<number> {
  const values = await actual.data()
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY
  let worst = 0
  let largest = 1e-30
  for (let index = 0; index < expected.length; index += 1) {
    const difference = Math.abs(values[index]! - expected[index]!)
    // A NaN must not pass.
    worst = difference <= worst ? worst : difference
    largest = Math.max(largest, Math.abs(expected[index]!))
  }
  return worst / largest
}
