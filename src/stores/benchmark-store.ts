import { createStore } from 'zustand/vanilla'
import type { DeviceBenchmark } from '../benchmark/benchmark-device.ts'
import type { SelfCheckReport } from '../worker/protocol.ts'

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
  /** The newest; a benchmark is remembered between visits. It grows by a job at a time, and a cancel keeps what it has. */
  readonly report: Report | null
}

export type BenchmarkState = MeasuringState<DeviceBenchmark>

/** Whether this device computes what the oracle computes. */
export type SelfCheckState = MeasuringState<SelfCheckReport>

export const createSelfCheckStore = () =>
  createStore<SelfCheckState>(() => ({ status: 'idle', work: null, report: null }))

/** Whether what an earlier visit stored is a report of this version. */
export function isBenchmark(report: DeviceBenchmark | null): boolean {
  return (
    typeof report === 'object' &&
    typeof report?.adapter === 'string' &&
    typeof report.gemmFamily === 'string' &&
    report.gemmLimitGflops > 0 &&
    Number.isFinite(report.takenAt) &&
    Array.isArray(report.comparisons) &&
    report.comparisons.every(
      ({ secondsPerStep, worstLossDifference }) => secondsPerStep && worstLossDifference >= 0,
    )
  )
}

export const createBenchmarkStore = () =>
  createStore<BenchmarkState>(() => ({ status: 'idle', work: null, report: null }))
