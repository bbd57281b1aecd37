import { defaultKernelSet, type KernelSet } from '../../engine/fused/kernel-set.ts'
import { readKernelSet, sameKernelSet } from '../../engine/fused/tuner/stored-kernel-set.ts'
import { type KeyValueStore, memoryStore } from '../../lib/key-value-store.ts'
import type { Vault } from '../../weights/vault.ts'
import type { KernelChange, RunRecord } from '../protocol.ts'

/** What is tuned is kept for all runs; a worker has no local storage. */
const TUNED_PATH = 'tuned-kernels.json'

export interface TunedStore {
  readonly store: KeyValueStore
  /** Puts what has been set into the vault. */
  save(): Promise<void>
}

/** Tuned kernels as stored; empty where there are none or the file is damaged. */
export async function openTunedStore(vault: Vault): Promise<TunedStore> {
  const store = memoryStore()
  const stored = await vault.readJson(TUNED_PATH)
  if (typeof stored === 'object' && stored !== null) {
    for (const [key, value] of Object.entries(stored)) store.set(key, value)
  }
  return {
    store,
    save: () =>
      vault.writeJson(TUNED_PATH, Object.fromEntries(store.keys().map((key) => [key, store.get(key)]))),
  }
}

/** The set that a run's newest weights were trained with. Runs from before sets were stored had the default one. */
export function kernelsOf({ kernels }: RunRecord): KernelSet {
  return readKernelSet(kernels?.at(-1)?.set) ?? defaultKernelSet
}

export interface ResumedKernels {
  readonly set: KernelSet
  /** For the record: what held up to this step, and the change, if there is one. */
  readonly history: readonly KernelChange[]
  /** What changed, as a sentence; absent where the run goes on with the same bits. */
  readonly note?: string
}

/**
 * The set that a run goes on with from a checkpoint: the checkpoint's own, so that results stay equal to the last bit,
 * as far as the device supports it; or a newly tuned one on request. Either change is recorded.
 */
export function resumeKernels(
  record: RunRecord,
  checkpoint: { readonly step: number; readonly kernels: unknown },
  supported: (set: KernelSet) => KernelSet,
  tuned?: KernelSet,
): ResumedKernels {
  const before = readKernelSet(checkpoint.kernels) ?? kernelsOf(record)
  const set = tuned ?? supported(before)
  const history = (record.kernels ?? []).filter(({ fromStep }) => fromStep <= checkpoint.step)
  if (sameKernelSet(before, set)) return { set, history }
  const reason = tuned ? 'retuned' : 'unsupported'
  const why = tuned ? 'as they were tuned' : 'because this device lacks some that it was trained with'
  return {
    set,
    history: [...history, { fromStep: checkpoint.step, set, reason }],
    note: `From step ${checkpoint.step} on the run takes other kernels, ${why}: results differ in their last bits.`,
  }
}
