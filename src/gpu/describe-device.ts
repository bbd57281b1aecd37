import { adapterName, type GpuDevice } from './open-device.ts'

export interface DeviceDescription {
  readonly name: string
  readonly isFallback: boolean
  readonly maxBufferBytes: number
  readonly maxBindingBytes: number
  readonly features: readonly string[]
}

/** What the screen says about the device. Sizes in bytes. */
export function describeDevice(gpu: GpuDevice): DeviceDescription {
  const name = adapterName(gpu.adapterInfo)
  return {
    name: gpu.isFallback ? `${name} (software, slow)` : name,
    isFallback: gpu.isFallback,
    maxBufferBytes: gpu.device.limits.maxBufferSize,
    maxBindingBytes: gpu.device.limits.maxStorageBufferBindingSize,
    features: [...gpu.device.features].sort(),
  }
}
