import type { GpuDevice } from '../../../gpu/open-device.ts'
import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import { parseGemmVariant, supportsVariant } from '../gemm/gemm-variant.ts'
import { builtInKernelSet, isGemmTable, type KernelSet } from '../kernel-set.ts'
import { readTunedGemm } from './tuned-gemm.ts'
import { readTunedUnits, type TunedShape } from './tuned-units.ts'

/** A kernel set from JSON; undefined for anything else. */
export function readKernelSet(value: unknown): KernelSet | undefined {
  const set = value as Partial<KernelSet> | null | undefined
  const isUnit = (unit: unknown) => unit === 'thread' || unit === 'group'
  if (!isGemmTable(set?.gemm) || !isUnit(set.rows) || !isUnit(set.attention)) return undefined
  return set as KernelSet
}

/** The set without variants that this device does not support or this version does not know; their rule takes over. */
export function supportedKernelSet(set: KernelSet, gpu: GpuDevice): KernelSet {
  const rules = ['direct', 'shared', ...(gpu.device.features.has('shader-f16') ? ['shared-f16'] : [])]
  const gemm = Object.entries(set.gemm).filter(([gemmClass, name]) => {
    const variant = parseGemmVariant(name)
    if (gemmClass === '*') return rules.includes(name)
    return variant !== undefined && supportsVariant(gpu, variant)
  })
  return { ...set, gemm: Object.fromEntries(gemm) }
}

/** What a new run of this shape on this device takes: the built-in rules, and what was tuned where something was. */
export function tunedKernelSet(
  gpu: GpuDevice,
  store: KeyValueStore,
  shape: TunedShape,
  half = false,
): KernelSet {
  const builtIn = builtInKernelSet(gpu, half)
  const gemm = { ...builtIn.gemm, ...readTunedGemm(store, gpu, half) }
  return { ...builtIn, ...readTunedUnits(store, gpu, shape), gemm }
}

/** Whether two sets choose the same, in whatever order they were written. */
export function sameKernelSet(a: KernelSet, b: KernelSet): boolean {
  const sorted = ({ gemm, ...others }: KernelSet) =>
    JSON.stringify([Object.entries(gemm).sort(), Object.entries(others).sort()])
  return sorted(a) === sorted(b)
}
