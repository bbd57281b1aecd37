import type { DeviceBenchmark } from '../benchmark/benchmark-device.ts'

/** Asked once of a worker that ends with the answer. */
export interface BenchmarkCall {
  readonly kind: 'benchmark'
}

export interface BenchmarkReplies {
  readonly benchmark: DeviceBenchmark
}

export type BenchmarkEvent =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly what: string }
  /** What is known so far. */
  | { readonly kind: 'report'; readonly report: DeviceBenchmark }
