import { createStore } from 'zustand/vanilla'
import type { TuneReport } from '../worker/protocol.ts'
import type { MeasuringState } from './benchmark-store.ts'

/** The tuning of kernels on this device, and what the next run takes of it. */
export interface TuningState extends MeasuringState<TuneReport> {
  /** Operands of matrix products as f16 where the device has them; remembered between visits. */
  readonly half: boolean
}

export const createTuningStore = () =>
  createStore<TuningState>(() => ({ status: 'idle', work: null, report: null, half: false }))
