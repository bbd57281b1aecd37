import { throwIfAborted } from './abort.ts'
import { StudioError } from './studio-error.ts'

/**
 * Runs jobs as they are asked for, at most `most` at a time; the others wait in order. One that is still waiting when its
 * signal aborts never begins and rejects with 'cancelled'.
 */
export function createLimiter(most: number): <T>(job: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let free = most
  const waiting: (() => void)[] = []

  async function turn(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal)
    return new Promise((resolve, reject) => {
      const begin = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(new StudioError('cancelled', 'Cancelled.'))
      }
      waiting.push(begin)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  return async (job, signal) => {
    if (free > 0) free -= 1
    else await turn(signal)
    try {
      return await job()
    } finally {
      // The place goes to the next one, or back.
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
