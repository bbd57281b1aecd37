import { expect, test } from 'vitest'
import { whyNotHeldOut } from './held-out.ts'

test('what another version of the split trained on may be known, also where a record does not say', () => {
  const now = { digest: 'd', split: 's' }
  expect(whyNotHeldOut(now, now)).toBeNull()
  expect(whyNotHeldOut({ digest: 'e', split: 's' }, now)).toContain('other data')
  expect(whyNotHeldOut({ digest: 'd', split: 't' }, now)).toContain('divided')
  expect(whyNotHeldOut({ digest: 'd' }, now)).toContain('divided')
})
