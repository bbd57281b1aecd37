import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { describeDevice } from './describe-device.ts'
import { defineKernel } from './kernel.ts'
import { openDevice } from './open-device.ts'
import { openTfjsDevice, type TfjsDevice } from './tfjs-device.ts'

const count = defineKernel({
  name: 'count',
  source: 'fn run(thread: u32) { y[thread] = f32(thread) + params.offset; }',
  bindings: { y: 'write f32' },
  params: { offset: 'f32' },
})

const increment = defineKernel({
  name: 'increment',
  source: 'fn run(thread: u32) { y[thread] += 1.0; }',
  bindings: { y: 'update f32' },
  params: {},
})

let device: TfjsDevice
beforeAll(async () => {
  device = await openTfjsDevice(await openDevice())
})

test('the device has what the adapter offers', async () => {
  const adapter = await navigator.gpu.requestAdapter()
  expect(device.gpu.device.limits.maxBufferSize).toBe(adapter!.limits.maxBufferSize)
  expect(describeDevice(device.gpu).name).not.toBe('')
  expect(describeDevice(device.gpu).maxBufferBytes).toBe(adapter!.limits.maxBufferSize)
  expect(tf.getBackend()).toBe('webgpu')
})

test('raw kernels and tfjs operations run in program order in shared submits', async () => {
  const before = device.counters()
  const y = device.empty([5])
  device.dispatch(count, { tensors: { y }, params: { offset: 1 }, threads: 5 })
  const squared = y.square()
  device.dispatch(increment, { tensors: { y }, params: {}, threads: 5 })
  const sum = y.add(squared)
  expect([...(await sum.data())]).toEqual([3, 7, 13, 21, 31])
  const after = device.counters()
  expect(after.dispatches - before.dispatches).toBe(4)
  expect(after.submits - before.submits).toBe(1)
})

test('more workgroups than one dimension takes are folded and all run', async () => {
  const size = 65_535 * 64 + 70
  const y = device.empty([size])
  device.dispatch(count, { tensors: { y }, params: { offset: 0 }, threads: size })
  const values = await y.data()
  y.dispose()
  expect(values.findIndex((value, index) => value !== index)).toBe(-1)
})

test('buffers go back to the pool, so that repeated work takes no more memory', async () => {
  const work = async () => {
    const results = tf.tidy(() => {
      const y = device.empty([1000])
      device.dispatch(count, { tensors: { y }, params: { offset: Math.random() }, threads: 1000 })
      return y.add(1)
    })
    await results.data()
    results.dispose()
  }
  for (let round = 0; round < 3; round += 1) await work()
  const [tensors, bytes] = [tf.memory().numTensors, device.memoryBytes()]
  // Parameters that change every time are pooled too, in blocks of 16 bytes.
  for (let round = 0; round < 20; round += 1) await work()
  expect(tf.memory().numTensors).toBe(tensors)
  expect(device.memoryBytes() - bytes).toBeLessThanOrEqual(20 * 16)
})

test("a caller's buffer becomes a tensor and stays the caller's", async () => {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffer = device.gpu.device.createBuffer({ size: 16, usage })
  device.gpu.device.queue.writeBuffer(buffer, 0, Float32Array.of(1, 2, 3, 4))
  const tensor = device.wrap(buffer, [4])
  device.dispatch(increment, { tensors: { y: tensor }, params: {}, threads: 4 })
  expect([...(await tensor.data())]).toEqual([2, 3, 4, 5])
  tensor.dispose()
  device.flush()
  expect(device.bufferOf(device.wrap(buffer, [4]))).toBe(buffer)
  buffer.destroy()
})

test('a profile names kernels and tfjs operations', async () => {
  if (!device.gpu.device.features.has('timestamp-query')) return
  const times = await device.profile(async () => {
    const y = device.empty([64])
    device.dispatch(count, { tensors: { y }, params: { offset: 0 }, threads: 64 })
    await y.square().data()
  })
  expect(times.map(({ name }) => name).sort()).toEqual(['UnaryOpProgram', 'count'])
})

test('works in a dedicated worker', async () => {
  const worker = new Worker(new URL('./tfjs-in-worker.fixture.ts', import.meta.url), { type: 'module' })
  const answer = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => resolve(message)
  })
  worker.terminate()
  expect(answer).toEqual([5, 7, 9])
})

test('an invalid call fails the next dispatch instead of passing in silence', async () => {
  const other = await openTfjsDevice(await openDevice())
  other.gpu.device
    .createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE })
    .destroy()
  await other.gpu.device.queue.onSubmittedWorkDone()
  await new Promise((resolve) => setTimeout(resolve, 20))
  const y = other.empty([1])
  expect(() => other.dispatch(increment, { tensors: { y }, params: {}, threads: 1 })).toThrow(
    'cannot be trusted',
  )
})
