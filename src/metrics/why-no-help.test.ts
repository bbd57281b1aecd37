import { expect, it } from 'vitest'
import { whyNoHelp } from './why-no-help.ts'

it('speaks only of a run whose validation ended no lower than it began', () => {
  expect(whyNoHelp(5.1, 4.9)).toBeNull()
  expect(whyNoHelp(null, 4.9)).toBeNull()
  expect(whyNoHelp(5.1, undefined)).toBeNull()
  expect(whyNoHelp(2.5, 2.75)).toMatch(
    /did not help on this data: validation ended 0\.2500 above where it began/,
  )
  expect(whyNoHelp(2.5, 2.5)).toMatch(/ended where it began/)
})
