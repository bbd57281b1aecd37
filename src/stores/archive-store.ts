import { createStore } from 'zustand/vanilla'
import type { KeptTarget } from '../worker/downloads/target-file.ts'

/** Filled targets that this browser keeps of the network in use, and what all that is kept takes. */
export interface ArchiveState {
  /** Empty until they are read. */
  readonly targets: readonly KeptTarget[]
  /** Digests of the data that is kept, hex. */
  readonly data: ReadonlySet<string>
  readonly manifestBytes: number
  readonly dataBytes: number
  /** Bytes of data that may be kept; 0: manifests only. */
  readonly budget: number
  /** What is being fetched to be kept; null: nothing. */
  readonly keeping: { readonly done: number; readonly total: number } | null
  /** Submissions whose data no host had when it was asked for in this visit. */
  readonly missing: number
}

export const DEFAULT_BUDGET = 256_000_000

export const createArchiveStore = () =>
  createStore<ArchiveState>(() => ({
    targets: [],
    data: new Set(),
    manifestBytes: 0,
    dataBytes: 0,
    budget: DEFAULT_BUDGET,
    keeping: null,
    missing: 0,
  }))
