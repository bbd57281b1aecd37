import { createStore } from 'zustand/vanilla'

/** The copy of the studio's own files that opens without a connection. */
export interface OfflineCopyState {
  /** `missing`: this browser or this server cannot; `off`: not wanted; `waiting`: until nothing else is done. */
  readonly status: 'missing' | 'off' | 'waiting' | 'fetching' | 'kept' | 'failed'
  /** Of the copy in use; 0 without one. */
  readonly bytes: number
  /** Why a reload shows something else: a newer edition is kept whole, or the host no longer serves what was kept. */
  readonly reload: 'edition' | 'host' | null
}

export const createOfflineCopyStore = () =>
  createStore<OfflineCopyState>(() => ({ status: 'missing', bytes: 0, reload: null }))
