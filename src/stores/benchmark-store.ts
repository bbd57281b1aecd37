import { createStore } from 'zustand/vanilla'
import type { DeviceBenchmark } from '../benchmark/benchmark-device.ts'

/** The measurement of this device. */
export interface BenchmarkState {
  readonly status: 'idle' | 'running'
  /** What is measured now; null before the worker's first word and after its last. */
  readonly work: {
    readonly label: string
    readonly done: number
    readonly total: number
    readonly unit: 'steps'
    /** Wall clock, ms. */
    readonly startedAt: number
  } | null
  /** The newest complete one of this visit. */
  readonly report: DeviceBenchmark | null
}

export const createBenchmarkStore = () =>
  createStore<BenchmarkState>(() => ({ status: 'idle', work: null, report: null }))
