import { StudioError } from '../lib/studio-error.ts'
import { explainNoWebGpu } from './explain-no-webgpu.ts'

/** The one WebGPU device of a worker, with its failures made visible. */
export interface GpuDevice {
  readonly device: GPUDevice
  readonly adapterInfo: GPUAdapterInfo
  /** A software adapter: correct and slow. */
  readonly isFallback: boolean
  /** Resolves, never rejects, when the device is lost for another reason than destroy(). */
  readonly lost: Promise<StudioError>
  /** The first failure of the device; undefined while all is well. */
  failure(): StudioError | undefined
  /** Throws the first failure. */
  assertHealthy(): void
  /** Counts an error that a scope caught as a failure of the device. */
  report(error: StudioError): void
  destroy(): void
}

/** Features that the studio uses where they are offered; none is needed. */
const optionalFeatures = [
  'timestamp-query',
  'subgroups',
  'shader-f16',
  // Only where the browser was started with experimental features of WebGPU.
  'chromium-experimental-subgroup-matrix',
] as const

/**
 * Asks for an adapter and a device with every limit that the adapter offers. The only requestDevice of the
 * product. `gpu` is navigator.gpu, or Dawn's object in Node. Rejects with 'no-webgpu' where there is none.
 */
export async function openDevice(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<GpuDevice> {
  const surroundings = {
    secureContext: globalThis.isSecureContext ?? true,
    hasApi: gpu !== undefined,
    userAgent: globalThis.navigator?.userAgent ?? '',
  }
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw explainNoWebGpu(surroundings)
  const device = await adapter
    .requestDevice({
      label: 'studio',
      requiredFeatures: optionalFeatures.filter((name) =>
        adapter.features.has(name as GPUFeatureName),
      ) as GPUFeatureName[],
      requiredLimits: offeredLimits(adapter),
    })
    .catch((cause: unknown) => {
      throw new StudioError('no-webgpu', 'The graphics adapter refused to open a device.', {
        hint: 'Close other pages that use the GPU, or restart the browser.',
        retryable: true,
        cause,
      })
    })
  return watch(device, adapter.info)
}

function offeredLimits(adapter: GPUAdapter): Record<string, number> {
  const limits: Record<string, number> = {}
  for (const name in adapter.limits) {
    const value = adapter.limits[name as keyof GPUSupportedLimits]
    if (typeof value === 'number') limits[name] = value
  }
  return limits
}

function watch(device: GPUDevice, adapterInfo: GPUAdapterInfo): GpuDevice {
  let failure: StudioError | undefined
  const fail = (error: StudioError): StudioError => {
    failure ??= error
    return error
  }
  device.addEventListener('uncapturederror', (event) => {
    fail(uncapturedError(event.error))
    console.error(event.error.message)
  })
  const lost = new Promise<StudioError>((resolve) => {
    void device.lost.then((info) => {
      if (info.reason !== 'destroyed') resolve(fail(deviceLost(info.message)))
    })
  })
  return {
    device,
    adapterInfo,
    isFallback: adapterInfo.isFallbackAdapter || /swiftshader|llvmpipe|warp/i.test(adapterName(adapterInfo)),
    lost,
    failure: () => failure,
    assertHealthy: () => {
      if (failure) throw failure
    },
    report: (error) => {
      fail(error)
      console.error(error.message)
    },
    destroy: () => device.destroy(),
  }
}

function deviceLost(message: string): StudioError {
  return new StudioError('device-lost', `The graphics device was lost. ${message}`.trim(), {
    hint: 'Your last checkpoint is kept. Resume from it; if it happens again, use a smaller micro-batch or restart the browser.',
    retryable: true,
  })
}

function uncapturedError(error: GPUError): StudioError {
  if ('GPUOutOfMemoryError' in globalThis && error instanceof GPUOutOfMemoryError) {
    return new StudioError('out-of-memory', 'The graphics device has no memory left.', {
      hint: 'Use a smaller micro-batch or a shorter sequence. Your last checkpoint is kept.',
      cause: error.message,
    })
  }
  return new StudioError('internal', 'The graphics device reported an error, so results cannot be trusted.', {
    hint: 'Reload the page and resume from the last checkpoint; please report the details.',
    cause: error.message,
  })
}

/** The adapter's own words, most specific first; never empty. */
export function adapterName(info: GPUAdapterInfo): string {
  const name = info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(' ')
  return name || 'an unnamed graphics adapter'
}
