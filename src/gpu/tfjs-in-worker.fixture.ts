import * as tf from '@tensorflow/tfjs'
import { defineKernel } from './kernel.ts'
import { openDevice } from './open-device.ts'
import { openTfjsDevice } from './tfjs-device.ts'

// For tfjs-device.browser.test.ts: a raw kernel between two tfjs operations, in a dedicated worker.
const double = defineKernel({
  name: 'double',
  source: 'fn run(thread: u32) { y[thread] = 2.0 * x[thread]; }',
  bindings: { x: 'read f32', y: 'write f32' },
  params: {},
})

async function answer(): Promise<number[]> {
  const device = await openTfjsDevice(await openDevice())
  const x = tf.tensor1d([1, 2, 3]).add(1)
  const y = device.empty([3])
  device.dispatch(double, { tensors: { x, y }, params: {}, threads: 3 })
  return [...(await y.add(1).data())]
}

answer().then(
  (values) => postMessage(values),
  (error: unknown) => postMessage(String(error)),
)
