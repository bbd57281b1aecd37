import { expect, test } from 'vitest'
import { openDevice } from './open-device.ts'

/** An adapter with one device whose loss and errors the test decides. */
function fakeGpu(offered: string[]) {
  let lose: (info: { reason: string; message: string }) => void = () => {}
  const listeners: ((event: { error: Error }) => void)[] = []
  const requests: GPUDeviceDescriptor[] = []
  const device = {
    lost: new Promise((resolve) => {
      lose = resolve
    }),
    addEventListener: (_: string, listener: (event: { error: Error }) => void) => listeners.push(listener),
    destroy: () => lose({ reason: 'destroyed', message: '' }),
  }
  const adapter = {
    features: new Set(offered),
    limits: { maxBufferSize: 2 ** 30, maxStorageBuffersPerShaderStage: 10 },
    info: { vendor: 'test', architecture: '', device: '', description: '', isFallbackAdapter: false },
    requestDevice: async (descriptor: GPUDeviceDescriptor) => {
      requests.push(descriptor)
      return device
    },
  }
  const gpu = { requestAdapter: async () => adapter } as unknown as GPU
  const report = (message: string) => {
    for (const listener of listeners) listener({ error: new Error(message) })
  }
  return { gpu, requests, report, lose: (message: string) => lose({ reason: 'unknown', message }) }
}

test('asks for every limit and only for optional features that are offered', async () => {
  const { gpu, requests } = fakeGpu(['timestamp-query', 'depth-clip-control'])
  await openDevice(gpu)
  expect(requests[0]!.requiredLimits).toEqual({ maxBufferSize: 2 ** 30, maxStorageBuffersPerShaderStage: 10 })
  expect(requests[0]!.requiredFeatures).toEqual(['timestamp-query'])
})

test('a lost device fails everything after it and says what is kept', async () => {
  const { gpu, lose } = fakeGpu([])
  const opened = await openDevice(gpu)
  opened.assertHealthy()
  lose('driver reset')
  const error = await opened.lost
  expect(error.code).toBe('device-lost')
  expect(error.message).toContain('driver reset')
  expect(error.hint).toContain('checkpoint')
  expect(() => opened.assertHealthy()).toThrow(error)
})

test('the first uncaptured error is kept', async () => {
  const { gpu, report } = fakeGpu([])
  const opened = await openDevice(gpu)
  report('binding 3 is too large')
  report('and so on')
  expect(opened.failure()?.cause).toBe('binding 3 is too large')
})

test('a browser without an adapter is told what to do', async () => {
  const gpu = { requestAdapter: async () => null } as unknown as GPU
  await expect(openDevice(gpu)).rejects.toMatchObject({ code: 'no-webgpu' })
})
