import { describe, expect, it } from 'vitest'
import { createRedrawScheduler, REDRAW_INTERVAL } from './redraw-scheduler.ts'

function fakeClock() {
  let time = 0
  let timers: { at: number; then: () => void }[] = []
  return {
    now: () => time,
    after: (ms: number, then: () => void) => void timers.push({ at: time + ms, then }),
    run(until: number) {
      for (;;) {
        const next = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        time = Math.max(time, next.at)
        next.then()
      }
      time = until
    },
  }
}

describe('redraw scheduler', () => {
  it('draws five busy charts one at a time, at most four redraws a second, each in its turn', () => {
    const clock = fakeClock()
    const scheduler = createRedrawScheduler(clock)
    const drawn: { chart: number; at: number }[] = []
    const charts = [0, 1, 2, 3, 4].map((chart) => () => void drawn.push({ chart, at: clock.now() }))
    for (let at = 0; at <= 5000; at += 100) {
      for (const chart of charts) scheduler.request(chart)
      clock.run(at)
    }
    for (let i = 1; i < drawn.length; i += 1) {
      expect(drawn[i]!.at - drawn[i - 1]!.at).toBeGreaterThanOrEqual(REDRAW_INTERVAL)
    }
    expect(drawn.length).toBe(21)
    expect(drawn.slice(0, 6).map(({ chart }) => chart)).toEqual([0, 1, 2, 3, 4, 0])
  })

  it('draws at once after a rest, urgent ones first, and never one that was cancelled', () => {
    const clock = fakeClock()
    const scheduler = createRedrawScheduler(clock)
    const drawn: string[] = []
    const live = () => void drawn.push('live')
    const gone = () => void drawn.push('gone')
    const toggled = () => void drawn.push('toggled')
    scheduler.request(live)
    clock.run(0)
    expect(drawn).toEqual(['live'])
    scheduler.request(live)
    scheduler.request(gone)
    scheduler.request(toggled, true)
    scheduler.cancel(gone)
    clock.run(2000)
    expect(drawn).toEqual(['live', 'toggled', 'live'])
  })
})
