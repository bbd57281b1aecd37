import { expect, it } from 'vitest'
import type { RoundEntry } from '../../strategies/rounds/rounds.ts'
import { roundOutcome } from './round-outcome.ts'

const entry: RoundEntry = {
  round: 1,
  from: 0,
  to: 10,
  before: 2,
  after: 2.5,
  chosen: 10,
  outcome: 'no-better',
  commitEpoch: null,
  revealEpoch: null,
}
const committed = { ...entry, outcome: 'committed', start: 'Rival' } as const

it.each([
  [entry, 'not better, nothing published'],
  [
    { ...entry, start: 'Rival' },
    'no better than Rival, which the plan began with (2.5000 against 2.0000): nothing published',
  ],
  [
    { ...entry, start: 'Rival', after: 1.9 },
    'not enough better than Rival, which the plan began with (1.9000 against 2.0000): nothing published',
  ],
  [{ ...committed, after: 1.5 }, 'committed, waits for its reveal'],
  [committed, 'committed, waits for its reveal; no better than Rival, published as the plan says'],
])('says what came of a round', (one, sentence) => {
  expect(roundOutcome(one, [one])).toBe(sentence)
})

it('names the round that replaced one', () => {
  const first = { ...entry, after: 1, outcome: 'revealed' } as const
  expect(roundOutcome(first, [first, { ...first, round: 2 }])).toBe('replaced by round 2')
})
