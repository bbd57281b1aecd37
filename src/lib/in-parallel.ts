/** Does `job` for every item in order, at most `most` at a time; the first failure stops what has not begun. */
export async function inParallel<T>(
  items: readonly T[],
  most: number,
  job: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  let stopped = false
  async function worker(): Promise<void> {
    while (next < items.length && !stopped) {
      const item = items[next++]!
      try {
        await job(item)
      } catch (error) {
        stopped = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
}
