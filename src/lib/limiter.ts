/** Runs jobs as they are asked for, at most `most` at a time; the others wait in order. */
export function createLimiter(most: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = most
  const waiting: (() => void)[] = []
  return async (job) => {
    if (free > 0) free -= 1
    else await new Promise<void>((begin) => waiting.push(begin))
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
