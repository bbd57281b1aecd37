import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import { builtInKernelSet, type KernelSet } from '../kernel-set.ts'
import { gemmUses } from './gemm-uses.ts'
import { GAIN_STEPS, measureGain, type StepGain } from './measure-gain.ts'
import { sameKernelSet, tunedKernelSet } from './stored-kernel-set.ts'
import { tuneGemm } from './tune-gemm.ts'
import { tuneUnits } from './tune-units.ts'
import type { TunedShape } from './tuned-units.ts'

export interface KernelTuning {
  readonly store: KeyValueStore
  readonly half?: boolean
  readonly again?: boolean
  readonly signal?: AbortSignal
  /** What is measured, as words, and how far that is. */
  readonly onProgress?: (label: string, done: number, total: number) => void
}

export interface TunedKernels {
  /** What new runs of this shape take from now on. */
  readonly kernels: KernelSet
  /** Variants that were measured now; none where everything was known. */
  readonly measured: number
  /** A step with the built-in rules against one with the tuned set; null where the two are the same. */
  readonly gain: StepGain | null
}

/**
 * Chooses every kernel of a model by measuring on this device: products by class, reductions and attention by unit; then
 * times a short step with the built-in rules and with the choice. Rejects with 'cancelled'; answers are in the store as
 * soon as they are known.
 */
export async function tuneKernels(
  runner: KernelRunner,
  shape: TunedShape,
  { store, half = false, again = false, signal, onProgress }: KernelTuning,
): Promise<TunedKernels> {
  const { gpu } = runner
  const common = { store, again, ...(signal ? { signal } : {}) }
  const { measured: units } = await tuneUnits(runner, shape, {
    ...common,
    onProgress: (done, total, { op }) =>
      onProgress?.(op === 'rows' ? 'Timing reductions over rows' : 'Timing attention', done, total),
  })
  const { measured: products } = await tuneGemm(runner, gemmUses(shape.config, shape.rows * shape.sequence), {
    ...common,
    half,
    onProgress: (current, total, { gemmClass }) =>
      onProgress?.(`Timing matrix products, ${gemmClass}`, current - 1, total),
  })
  const kernels = tunedKernelSet(gpu, store, shape, half)
  const before = builtInKernelSet(gpu)
  const measured = units.length + products.length
  if (sameKernelSet(before, kernels)) return { kernels, measured, gain: null }
  const gain = await measureGain(runner, shape, before, kernels, {
    ...(signal ? { signal } : {}),
    onStep: (done) => onProgress?.('Timing steps before and after', done, GAIN_STEPS),
  })
  return { kernels, measured, gain }
}
