import { expect, it } from 'vitest'
import { gainsOf, runPlacing } from './placing.ts'
import { overlaps } from './routing.ts'
import { openSmallLab } from './small-lab.fixture.ts'

/** Percentage points; the spread over draws is stated in docs/strategies.md. */
const MARGIN = 15

it('a sparse region is assigned more than a crowded one, as forecast and by the practice network’s core', {
  timeout: 30_000,
}, async () => {
  const lab = await openSmallLab()
  const made = await runPlacing(lab, { seeds: [1], crowd: 8, targets: 2000, epochs: 6 })
  for (const { forecast, real } of gainsOf(made)) {
    expect(forecast).toBeGreaterThan(MARGIN)
    expect(real).toBeGreaterThan(MARGIN)
  }
  for (const { crowded, sparse } of made.rounds) {
    expect(overlaps(crowded.forecast, crowded.real)).toBe(true)
    expect(overlaps(sparse.forecast, sparse.real)).toBe(true)
  }
})
