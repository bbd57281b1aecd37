import type { SerialisedError } from '../../lib/studio-error.ts'

/**
 * Keeping at it, as a plan that is approved once: train -> evaluate -> choose -> embed -> commit -> reveal -> go on with
 * the optimizer state. Pure: whoever runs it asks `nextCommand` what to do, does it, and tells `advance` what came of it.
 * Plain JSON throughout, so that a plan survives a reload. A reveal that is due goes before everything else: a network
 * drops a commit that is not revealed in the next epoch, and slashes a first one.
 */
export interface RoundPlan {
  /** Rounds to do; 0 goes on until it is stopped. */
  readonly rounds: number
  /** Optimizer steps of a round. */
  readonly steps: number
  /** Publish only what lowers the loss on the chosen data by at least this many nats; 0 publishes any improvement. */
  readonly improvement: number
  /** 'each' asks before every signature; 'never' only where the account is a practice one. */
  readonly confirm: 'each' | 'never'
}

/** A checkpoint with its loss on the data that the plan chooses by; null until it is evaluated. */
export interface Candidate {
  readonly runId: string
  readonly step: number
  readonly weightsDigest: string
  readonly loss: number | null
}

export type RoundActivity = 'train' | 'evaluate' | 'embed' | 'commit' | 'rest'

export interface RoundState {
  readonly plan: RoundPlan
  /** From 1. */
  readonly round: number
  readonly activity: RoundActivity
  /** Checkpoints of this round. */
  readonly candidates: readonly Candidate[]
  /** What is being published. */
  readonly chosen: Candidate | null
  /** Loss of what was committed last; null before the first commit. */
  readonly published: number | null
  /** A commit that waits for its reveal, and the epoch in which it was made. */
  readonly reveal: { readonly commitEpoch: number } | null
  readonly epoch: number
  /** How it ended; null while it goes on. A stop waits for the reveal that is owed. */
  readonly ended: 'finished' | 'stopped' | 'failed' | null
  readonly stopping: boolean
  readonly error: SerialisedError | null
}

export type RoundEvent =
  | { readonly kind: 'trained'; readonly checkpoints: readonly Omit<Candidate, 'loss'>[] }
  | { readonly kind: 'evaluated'; readonly weightsDigest: string; readonly loss: number }
  | { readonly kind: 'embedded' }
  | { readonly kind: 'committed'; readonly epoch: number }
  | { readonly kind: 'revealed' }
  /** The user said no to a signature: nothing is published in this round. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'epoch'; readonly epoch: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'failed'; readonly error: SerialisedError }

export type RoundCommand =
  | { readonly kind: 'train'; readonly steps: number }
  | { readonly kind: 'evaluate'; readonly candidate: Candidate }
  | { readonly kind: 'embed'; readonly candidate: Candidate }
  | { readonly kind: 'commit'; readonly candidate: Candidate; readonly confirm: boolean }
  | { readonly kind: 'reveal'; readonly confirm: boolean }
  /** Nothing to do before this epoch; tell it with an 'epoch' event. */
  | { readonly kind: 'wait'; readonly untilEpoch: number }

export function beginRounds(plan: RoundPlan, epoch: number): RoundState {
  return {
    plan,
    round: 1,
    activity: 'train',
    candidates: [],
    chosen: null,
    published: null,
    reveal: null,
    epoch,
    ended: null,
    stopping: false,
    error: null,
  }
}

/** What is to be done now; null once all is over. */
export function nextCommand(state: RoundState): RoundCommand | null {
  if (state.ended) return null
  const confirm = state.plan.confirm === 'each'
  const { reveal } = state
  if (reveal && state.epoch > reveal.commitEpoch) return { kind: 'reveal', confirm }
  switch (state.activity) {
    case 'train':
      return { kind: 'train', steps: state.plan.steps }
    case 'evaluate':
      return { kind: 'evaluate', candidate: state.candidates.find(({ loss }) => loss === null)! }
    case 'embed':
      return { kind: 'embed', candidate: state.chosen! }
    case 'commit':
      // A second commit would overwrite the one that has not been revealed.
      if (reveal) return { kind: 'wait', untilEpoch: reveal.commitEpoch + 1 }
      return { kind: 'commit', candidate: state.chosen!, confirm }
    case 'rest':
      return reveal ? { kind: 'wait', untilEpoch: reveal.commitEpoch + 1 } : null
    default:
      return state.activity satisfies never
  }
}

/** The state after an event; an event that does not belong to the activity changes nothing. */
export function advance(state: RoundState, event: RoundEvent): RoundState {
  if (state.ended) return state
  switch (event.kind) {
    case 'epoch':
      return { ...state, epoch: Math.max(state.epoch, event.epoch) }
    case 'failed':
      return { ...state, ended: 'failed', error: event.error }
    case 'stop':
      return settle({ ...state, stopping: true, activity: 'rest' })
    case 'revealed':
      return settle({ ...state, reveal: null })
    case 'trained':
      if (state.activity !== 'train' || event.checkpoints.length === 0) return state
      return {
        ...state,
        activity: 'evaluate',
        candidates: event.checkpoints.map((one) => ({ ...one, loss: null })),
      }
    case 'evaluated':
      return state.activity === 'evaluate' ? evaluated(state, event.weightsDigest, event.loss) : state
    case 'embedded':
      return state.activity === 'embed' ? { ...state, activity: 'commit' } : state
    case 'declined':
      if (revealIsDue(state))
        return { ...state, stopping: true, activity: 'rest', reveal: null, ended: 'stopped' }
      return state.activity === 'commit' ? nextRound(state) : state
    case 'committed':
      if (state.activity !== 'commit') return state
      return nextRound({
        ...state,
        epoch: Math.max(state.epoch, event.epoch),
        published: state.chosen!.loss,
        reveal: { commitEpoch: event.epoch },
      })
    default:
      return event satisfies never
  }
}

const revealIsDue = ({ reveal, epoch }: RoundState) => reveal !== null && epoch > reveal.commitEpoch

/** Once every candidate has a loss, the lowest is published if it is better than what is. */
function evaluated(state: RoundState, weightsDigest: string, loss: number): RoundState {
  const candidates = state.candidates.map((one) =>
    one.weightsDigest === weightsDigest ? { ...one, loss } : one,
  )
  const next = { ...state, candidates }
  if (candidates.some((one) => one.loss === null)) return next
  const finite = candidates.filter((one) => Number.isFinite(one.loss))
  if (finite.length === 0) return nextRound(next)
  const best = finite.reduce((a, b) => (b.loss! < a.loss! ? b : a))
  const enough = state.published === null || best.loss! < state.published - state.plan.improvement
  return enough ? { ...next, chosen: best, activity: 'embed' } : nextRound(next)
}

function nextRound(state: RoundState): RoundState {
  const rested = { ...state, chosen: null, candidates: [], activity: 'rest' as const }
  const { rounds } = state.plan
  if (rounds > 0 && state.round >= rounds) return settle(rested)
  return { ...rested, activity: 'train', round: state.round + 1 }
}

/** Ends what rests and owes no reveal. */
function settle(state: RoundState): RoundState {
  if (state.activity !== 'rest' || state.reveal) return state
  return { ...state, ended: state.stopping ? 'stopped' : 'finished' }
}
