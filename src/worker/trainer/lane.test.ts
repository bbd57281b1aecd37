import { expect, test } from 'vitest'
import { createLane } from './lane.ts'

test('jobs run one after another in the order they came', async () => {
  const lane = createLane()
  const log: string[] = []
  const job = (name: string) => async () => {
    log.push(`${name} in`)
    await new Promise((resolve) => setImmediate(resolve))
    log.push(`${name} out`)
  }
  await Promise.all([lane.run(job('a')), lane.run(job('b')), lane.run(job('c'))])
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
})

test('a job that throws gives the lane back', async () => {
  const lane = createLane()
  await expect(lane.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await lane.run(async () => 'next')).toBe('next')
})
