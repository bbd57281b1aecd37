import * as tf from '@tensorflow/tfjs'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'
import { openTestGpu } from './test-gpu.ts'

let opened: TfjsDevice | undefined
let backend: unknown

/** For tests: the device of openTestGpu, registered with tfjs. Nobody disposes of it. */
export async function openTestDevice(): Promise<TfjsDevice> {
  const gpu = await openTestGpu()
  // Who registers another device with tfjs takes the place of this one.
  if (opened?.gpu !== gpu || tf.findBackend('webgpu') !== backend) {
    opened = await openTfjsDevice(gpu)
    backend = tf.findBackend('webgpu')
  }
  await tf.setBackend('webgpu')
  return opened
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
