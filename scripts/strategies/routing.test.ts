import { expect, it } from 'vitest'
import { ROUTED } from './effects.ts'
import { overlaps, runRouting } from './routing.ts'
import { openSmallLab } from './small-lab.fixture.ts'

it('forecasts the share that the practice network’s core then really assigns', {
  timeout: 30_000,
}, async () => {
  const lab = await openSmallLab()
  const { checks, stakes } = await runRouting(lab, {
    targets: 2000,
    epochs: 8,
    seed: 1,
    checks: ROUTED,
  })
  for (const { forecast, real, targets } of checks) {
    expect(targets).toBe(800)
    expect(overlaps(forecast, real)).toBe(true)
    // And the intervals are narrow enough to mean something.
    expect(real.high - real.low).toBeLessThan(0.08)
  }
  const [crowded, , rich] = checks
  expect(rich!.real.low).toBeGreaterThan(crowded!.real.high)
  expect(stakes.at(-1)!.low).toBeGreaterThan(stakes[0]!.high)
})
