import type { GpuDevice } from '../../gpu/open-device.ts'

/**
 * Which variant of each kernel computes: JSON, stored with a run and its checkpoints, because variants add in different
 * orders and so differ in the last bits. The same set on the same device and plan gives equal bits.
 */
export interface KernelSet {
  /**
   * Variant of a matrix product by its shape class (gemm/gemm-variant.ts); a class that is absent takes the built-in
   * rule of the family under `*`: 'direct', 'shared', or 'shared-f16' for tiles kept as f16.
   */
  readonly gemm: Readonly<Record<string, string>>
  /** Reductions over a row (norms, cross-entropy, SIGReg): a row for each thread, or for each workgroup. */
  readonly rows: 'thread' | 'group'
  readonly attention: 'thread' | 'group'
}

/** What is fastest on the software adapter. */
export const defaultKernelSet: KernelSet = { gemm: {}, rows: 'thread', attention: 'thread' }

/**
 * What a device starts with, before any tuning: GPUs prefer tiles in workgroup memory and reductions by workgroups, where
 * barriers cost little and neighbouring threads must read neighbouring values; the software adapter prefers neither.
 * `half` keeps tiles as f16 where the device has that: less memory traffic, operands rounded to 11 bits.
 */
export function builtInKernelSet(
  { isFallback, device }: Pick<GpuDevice, 'isFallback' | 'device'>,
  half = false,
): KernelSet {
  const f16 = half && device.features.has('shader-f16')
  if (isFallback) return f16 ? { ...defaultKernelSet, gemm: { '*': 'shared-f16' } } : defaultKernelSet
  return { gemm: { '*': f16 ? 'shared-f16' : 'shared' }, rows: 'group', attention: 'group' }
}

/** Whether stored JSON is a table of variants. */
export function isGemmTable(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((name) => typeof name === 'string')
  )
}
