import { expect, test } from 'vitest'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { describeTimes, playwrightTimes, vitestTimes } from './report-times.mjs'

test('both reports are summed by part, the slowest file first', () => {
  const unit = vitestTimes(
    {
      testResults: [
        { name: '/p/src/chain/a.test.ts', startTime: 1000, endTime: 3000 },
        { name: '/p/src/engine/b.gpu.test.ts', startTime: 0, endTime: 500 },
        { name: '/p/src/engine/b.gpu.test.ts', startTime: 0, endTime: 700 },
        { name: '/p/src/worker/strategies.browser.test.ts', startTime: 0, endTime: 400 },
        { name: '/p/src/worker/downloads/c.test.ts', startTime: 0, endTime: 300 },
        { name: '/p/src/worker/trainer.browser.test.ts', startTime: 0, endTime: 100 },
        { name: '/p/src/features/strategies/d.test.ts', startTime: 0, endTime: 200 },
      ],
    },
    '/p',
  )
  const ends = playwrightTimes({
    suites: [
      { file: 'wallet.spec.ts', specs: [{ tests: [{ results: [{ duration: 4000 }] }] }] },
      { file: 'competitor.spec.ts', specs: [{ tests: [{ results: [{ duration: 1000 }] }] }] },
    ],
  })
  // The unit tests sum to 4.2 seconds within three; the others ran alone.
  expect(describeTimes([...unit, ...ends], 2).split('\n')).toEqual([
    '    1.6 s  strategies (1.9 s of tests, partly side by side)',
    '    5.4 s  network (6.0 s of tests, partly side by side)',
    '    0.9 s  engine (1.2 s of tests, partly side by side)',
    '    0.1 s  studio (0.1 s of tests, partly side by side)',
    'The 2 slowest files:',
    '    4.0 s  e2e/wallet.spec.ts',
    '    2.0 s  src/chain/a.test.ts',
  ])
})
