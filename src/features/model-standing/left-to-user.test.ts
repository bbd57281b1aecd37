import { expect, it } from 'vitest'
import type { ModelDraft } from '../../stores/publish-store.ts'
import type { RoundPlan, RoundSubject } from '../../strategies/rounds/round-plan.ts'
import { beginRounds, type RoundState } from '../../strategies/rounds/rounds.ts'
import { leftToUser } from './left-to-user.ts'

const drafts = ['committed', 'created', 'other'].map((id) => ({ id }) as ModelDraft)
const error = { code: 'network', message: 'No answer.', hint: '', retryable: true } as const
const owed = { round: 1, draftId: 'committed', commitEpoch: 1, isFirst: true, error: null }
const state: RoundState = {
  ...beginRounds('plan', {} as RoundPlan, {} as RoundSubject, 1),
  activity: 'commit',
  draftId: 'created',
  reveal: owed,
}
const left = (change: Partial<RoundState>, running = true) =>
  leftToUser(drafts, { running, state: { ...state, ...change } }).map(({ id }) => id)

it('leaves out only what a plan that goes on will commit and reveal itself', () => {
  const all = ['committed', 'created', 'other']
  expect(left({})).toEqual(['other'])
  // A stop makes the reveal that is owed, and commits nothing more.
  expect(left({ activity: 'rest', stopping: true })).toEqual(['created', 'other'])
  expect(left({ halted: error })).toEqual(all)
  expect(left({ reveal: { ...owed, error } })).toEqual(all)
  expect(left({}, false)).toEqual(all)
  expect(leftToUser(drafts, { running: false, state: null })).toBe(drafts)
})
