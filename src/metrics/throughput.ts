import { createSmoother } from './smooth.ts'

/** How fast work goes and how long the rest takes. Times are given, so that tests own the clock. */
export interface Throughput {
  /** Notes that `done` units in all were finished at `seconds` on a clock that never runs back. */
  record(done: number, seconds: number): void
  /** Forgets the time since the last record, as after a pause. */
  interrupt(): void
  /** Smoothed units a second; undefined before two records. */
  rate(): number | undefined
  /** Seconds until `total` units are done; undefined while the rate is unknown or zero. */
  eta(total: number): number | undefined
}

/** `weight` of the moving average over records, see createSmoother. */
export function createThroughput(weight = 0.9): Throughput {
  const secondsPerUnit = createSmoother(weight)
  let last: { done: number; seconds: number } | undefined
  let done = 0
  let current: number | undefined
  return {
    record(nowDone, seconds) {
      const units = last ? nowDone - last.done : 0
      const elapsed = last ? seconds - last.seconds : 0
      // Averages the time of a unit, not the rate: a stall then weighs as long as it lasted.
      if (units > 0 && elapsed > 0) current = 1 / secondsPerUnit.next(elapsed / units)
      if (!last || units > 0) last = { done: nowDone, seconds }
      done = nowDone
    },
    interrupt() {
      last = undefined
    },
    rate: () => current,
    eta: (total) => (current === undefined ? undefined : Math.max(0, total - done) / current),
  }
}
