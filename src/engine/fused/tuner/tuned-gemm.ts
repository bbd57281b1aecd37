import { adapterName, type GpuDevice } from '../../../gpu/open-device.ts'
import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import { parseGemmVariant, supportsVariant } from '../gemm/gemm-variant.ts'
import { isGemmTable } from '../kernel-set.ts'

/** Raised when kernels change, so that old measurements are not trusted. */
const VERSION = 1

/** Tuned variants by class of this adapter and version; what no longer parses or is not supported is left out. */
export function readTunedGemm(store: KeyValueStore, gpu: GpuDevice, half: boolean): Record<string, string> {
  const value = store.get(tunedKey(half ? 'gemm f16' : 'gemm', gpu))
  if (!isGemmTable(value)) return {}
  return Object.fromEntries(
    Object.entries(value).filter(([, name]) => {
      const variant = parseGemmVariant(name)
      return variant !== undefined && supportsVariant(gpu, variant)
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
  store.set(tunedKey(half ? 'gemm f16' : 'gemm', gpu), { ...readTunedGemm(store, gpu, half), ...answers })
}

/** Where answers of a kind are kept for this adapter and version. */
export function tunedKey(kind: 'gemm' | 'gemm f16' | 'units', { adapterInfo }: GpuDevice): string {
  return `${kind} ${VERSION} ${adapterName(adapterInfo)}`
}
