import { createStore } from 'zustand/vanilla'
import type { RunRecord } from '../worker/protocol.ts'

/** Runs kept in the vault, newest first. `resumable` is the one that a reload interrupted. */
export interface RunsState {
  readonly loaded: boolean
  readonly runs: readonly RunRecord[]
  readonly resumable: RunRecord | null
}

export const createRunsStore = () =>
  createStore<RunsState>(() => ({ loaded: false, runs: [], resumable: null }))
