import { expect, it } from 'vitest'
import { EpochClock, type Speed } from './epoch-clock.ts'

/** A clock whose time passes when the test says so. */
function run(speed: Speed, epochStart = 0) {
  let now = 1_000_000
  let start = epochStart
  let timer: { at: number; callback: () => void } | undefined
  const ended: number[] = []
  const clock = new EpochClock({
    speed,
    now: () => now,
    epochStart: () => start,
    schedule(milliseconds, callback) {
      const own = { at: now + milliseconds, callback }
      timer = own
      return () => {
        if (timer === own) timer = undefined
      }
    },
    endEpoch() {
      ended.push(now)
      start = now
    },
  })
  const pass = (milliseconds: number) => {
    const until = now + milliseconds
    while (timer !== undefined && timer.at <= until) {
      now = timer.at
      const { callback } = timer
      timer = undefined
      callback()
    }
    now = until
  }
  return { clock, pass, ended }
}

it('leaves epochs to the user where they end by click', () => {
  const { clock, pass, ended } = run('click')
  pass(10 * 86_400_000)
  expect([ended, clock.endsAt, clock.epochMs]).toEqual([[], undefined, 86_400_000])
})

it('ends an epoch a minute, and starts from the choice', () => {
  const { clock, pass, ended } = run('click')
  clock.speed = 'minute'
  pass(59_999)
  expect(ended).toEqual([])
  pass(60_001)
  expect(ended).toEqual([1_060_000, 1_120_000])
  clock.speed = 'click'
  pass(600_000)
  expect(ended).toHaveLength(2)
})

it('makes up one missed epoch after a minute, however many were missed', () => {
  const { pass, ended } = run('day', 1_000_000 - 5 * 86_400_000)
  pass(59_999)
  expect(ended).toEqual([])
  pass(1)
  expect(ended).toEqual([1_060_000])
  pass(86_399_999)
  expect(ended).toHaveLength(1)
  pass(1)
  expect(ended).toHaveLength(2)
})
