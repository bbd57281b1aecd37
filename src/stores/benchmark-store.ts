import { createStore } from 'zustand/vanilla'
import type { DeviceBenchmark } from '../benchmark/benchmark-device.ts'

export interface MeasuringWork {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly unit: 'steps'
  /** Wall clock, ms. */
  readonly startedAt: number
}

/** A measurement of this device. */
export interface MeasuringState<Report> {
  readonly status: 'idle' | 'running'
  /** What is measured now; null before the worker's first word and after its last. */
  readonly work: MeasuringWork | null
  /** The newest of this visit; a benchmark grows by a job at a time, and a cancel keeps what it has. */
  readonly report: Report | null
}

export type BenchmarkState = MeasuringState<DeviceBenchmark>

export const createBenchmarkStore = () =>
  createStore<BenchmarkState>(() => ({ status: 'idle', work: null, report: null }))
