import { expect, test } from 'vitest'
import {
  advance,
  beginRounds,
  nextCommand,
  type RoundEvent,
  type RoundPlan,
  type RoundState,
} from './rounds.ts'

const plan: RoundPlan = { rounds: 2, steps: 100, improvement: 0, confirm: 'each' }
const checkpoint = (step: number) => ({ runId: 'run', step, weightsDigest: `d${step}` })
const play = (state: RoundState, ...events: RoundEvent[]) => events.reduce(advance, state)
const kinds = (state: RoundState) => nextCommand(state)?.kind

const trained: RoundEvent = { kind: 'trained', checkpoints: [checkpoint(50), checkpoint(100)] }
const losses = (first: number, second: number): RoundEvent[] => [
  { kind: 'evaluated', weightsDigest: 'd50', loss: first },
  { kind: 'evaluated', weightsDigest: 'd100', loss: second },
]

test('trains, evaluates each checkpoint, publishes the best, reveals when due, and goes on', () => {
  let state = beginRounds(plan, 10)
  expect(nextCommand(state)).toEqual({ kind: 'train', steps: 100 })
  state = play(state, trained)
  expect(nextCommand(state)).toMatchObject({ kind: 'evaluate', candidate: { step: 50 } })
  state = play(state, ...losses(2, 3))
  expect(nextCommand(state)).toMatchObject({ kind: 'embed', candidate: { step: 50, loss: 2 } })
  state = play(state, { kind: 'embedded' })
  expect(nextCommand(state)).toMatchObject({ kind: 'commit', confirm: true, candidate: { step: 50 } })
  state = play(state, { kind: 'committed', epoch: 10 })
  // The next round trains while the commit waits for its epoch.
  expect(state).toMatchObject({ round: 2, published: 2, reveal: { commitEpoch: 10 } })
  expect(kinds(state)).toBe('train')
  state = JSON.parse(JSON.stringify(state)) as RoundState
  // A reveal that is due goes first, whatever is under way.
  state = play(state, { kind: 'epoch', epoch: 11 })
  expect(nextCommand(state)).toEqual({ kind: 'reveal', confirm: true })
  state = play(state, { kind: 'revealed' })
  expect(kinds(state)).toBe('train')
  // Not better than what is published: nothing is signed, and the plan is done.
  state = play(state, trained, ...losses(2.5, 2))
  expect(state).toMatchObject({ ended: 'finished', published: 2 })
  expect(nextCommand(state)).toBeNull()
})

test('does not overwrite a commit that is not revealed', () => {
  const state = play(
    beginRounds({ ...plan, confirm: 'never' }, 3),
    trained,
    ...losses(2, 3),
    { kind: 'embedded' },
    { kind: 'committed', epoch: 3 },
    trained,
    ...losses(1, 3),
    { kind: 'embedded' },
  )
  expect(nextCommand(state)).toEqual({ kind: 'wait', untilEpoch: 4 })
  const due = play(state, { kind: 'epoch', epoch: 4 })
  expect(nextCommand(due)).toEqual({ kind: 'reveal', confirm: false })
  expect(kinds(play(due, { kind: 'revealed' }))).toBe('commit')
})

test('a stop still owes the reveal', () => {
  const committed = play(
    beginRounds(plan, 3),
    trained,
    ...losses(2, 3),
    { kind: 'embedded' },
    {
      kind: 'committed',
      epoch: 3,
    },
  )
  const stopping = play(committed, { kind: 'stop' })
  expect(stopping.ended).toBeNull()
  expect(nextCommand(stopping)).toEqual({ kind: 'wait', untilEpoch: 4 })
  const revealed = play(stopping, { kind: 'epoch', epoch: 4 }, { kind: 'revealed' })
  expect(revealed.ended).toBe('stopped')
  expect(play(beginRounds(plan, 3), { kind: 'stop' }).ended).toBe('stopped')
})

test('a signature that is declined leaves the round unpublished; a failure ends the plan and keeps what it did', () => {
  const asked = play(beginRounds(plan, 3), trained, ...losses(2, 3), { kind: 'embedded' })
  expect(play(asked, { kind: 'declined' })).toMatchObject({ round: 2, published: null, activity: 'train' })
  const error = { code: 'network', message: 'Gone.', hint: '', retryable: true } as const
  expect(play(asked, { kind: 'failed', error })).toMatchObject({
    ended: 'failed',
    error,
    chosen: { step: 50 },
  })
  // Late news of something else changes nothing.
  expect(play(asked, { kind: 'revealed' }, trained)).toEqual(asked)
})

test('weights without a finite loss are never published, and endless plans go on', () => {
  const state = play(beginRounds({ ...plan, rounds: 0 }, 3), trained, ...losses(Number.NaN, Number.NaN))
  expect(state).toMatchObject({ round: 2, activity: 'train', ended: null })
})
