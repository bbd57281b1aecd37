import { adapterName, type GpuDevice } from '../../../gpu/open-device.ts'
import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import { parseGemmVariant, supportsVariant } from '../gemm/gemm-variant.ts'
import { isGemmTable } from '../kernel-set.ts'

/** Raised when kernels change, so that old measurements are not trusted. */
const VERSION = 1

/** Tuned variants by class of this adapter and version; what no longer parses or is not supported is left out. */
export function readTunedGemm(store: KeyValueStore, gpu: GpuDevice, half: boolean): Record<string, string> {
  const value = store.get(storeKey(gpu, half))
  if (!isGemmTable(value)) return {}
  return Object.fromEntries(
    Object.entries(value).filter(([, name]) => {
      const variant = parseGemmVariant(name)
      return variant !== undefined && supportsVariant(gpu.device, variant)
    }),
  )
}

/** Adds answers to those of this adapter and version. */
export function saveTunedGemm(
  store: KeyValueStore,
  gpu: GpuDevice,
  half: boolean,
  answers: Readonly<Record<string, string>>,
): void {
  store.set(storeKey(gpu, half), { ...readTunedGemm(store, gpu, half), ...answers })
}

function storeKey({ adapterInfo }: GpuDevice, half: boolean): string {
  return `gemm ${VERSION} ${half ? 'f16 ' : ''}${adapterName(adapterInfo)}`
}
