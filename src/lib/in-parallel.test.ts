import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'
import { createLimiter } from './limiter.ts'

/** Counts jobs under way; each takes a few turns of the queue. */
function counter() {
  const seen = { now: 0, most: 0, done: 0 }
  return {
    seen,
    async job() {
      seen.now += 1
      seen.most = Math.max(seen.most, seen.now)
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
      seen.now -= 1
      seen.done += 1
    },
  }
}

const items = Array.from({ length: 20 }, (_, i) => i)

test('never more jobs at once than allowed, and all of them in the end', async () => {
  const direct = counter()
  await inParallel(items, 3, () => direct.job())
  expect(direct.seen).toEqual({ now: 0, most: 3, done: 20 })
  const shared = counter()
  const limited = createLimiter(6)
  await Promise.all([
    inParallel(items, 6, () => limited(() => shared.job())),
    inParallel(items, 3, () => limited(() => shared.job())),
  ])
  expect(shared.seen).toEqual({ now: 0, most: 6, done: 40 })
})

test('a failure stops what has not begun, and gives its place back', async () => {
  const begun: number[] = []
  const limited = createLimiter(1)
  await expect(
    inParallel(items, 2, (item) =>
      limited(async () => {
        begun.push(item)
        if (item === 1) throw new Error('no')
      }),
    ),
  ).rejects.toThrow('no')
  expect(begun.length).toBeLessThan(5)
  expect(await limited(async () => 'free')).toBe('free')
})
