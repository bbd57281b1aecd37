import { adapterName, type GpuDevice } from './open-device.ts'

export interface DeviceDescription {
  readonly name: string
  readonly isFallback: boolean
  readonly maxBufferBytes: number
  readonly maxBindingBytes: number
  readonly features: readonly string[]
  /** What the adapter says of itself, as far as the browser tells. */
  readonly adapter: Readonly<Record<string, string | number>>
  /** Every limit of the device by WebGPU's name: the adapter's own, since all are asked for. */
  readonly limits: Readonly<Record<string, number>>
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
    adapter: adapterFacts(gpu.adapterInfo),
    limits: limitsOf(gpu.device),
  }
}

function adapterFacts(info: GPUAdapterInfo): Record<string, string | number> {
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } = info
  const facts = { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => Boolean(value)))
}

function limitsOf({ limits }: GPUDevice): Record<string, number> {
  const known: Record<string, number> = {}
  for (const name in limits) {
    const value = limits[name as keyof GPUSupportedLimits]
    if (typeof value === 'number') known[name] = value
  }
  return known
}
