import { createStore } from 'zustand/vanilla'
import type { CorpusSummary } from '../data/corpus-summary.ts'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { CorpusItem } from '../worker/protocol.ts'

/** The data that the next run trains on. A failed inspection keeps the corpus that was there before. */
export interface CorpusState {
  readonly status: 'loading' | 'inspecting' | 'ready' | 'empty'
  readonly items: readonly CorpusItem[]
  readonly summary: CorpusSummary | null
  /** Digest of the kept copy that items are read from, which goes with the last run on it; null for data of this visit. */
  readonly fromCopy: string | null
  /** Why the last drop was refused; the corpus above is untouched. */
  readonly error: SerialisedError | null
}

export const createCorpusStore = () =>
  createStore<CorpusState>(() => ({
    status: 'loading',
    items: [],
    summary: null,
    fromCopy: null,
    error: null,
  }))
