import { delay } from './abort.ts'

/**
 * For long sums in a worker: awaited between two parts of one, it lets messages in whenever so many milliseconds have
 * passed, so that a cancel is heard. Rejects with 'cancelled' once the signal aborts.
 */
export function breather(signal?: AbortSignal, everyMs = 50): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (!signal?.aborted && performance.now() - last < everyMs) return
    await delay(0, signal)
    last = performance.now()
  }
}
