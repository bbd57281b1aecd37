import type { SerialisedError } from '../../lib/studio-error.ts'
import type { RoundPlan, RoundSubject } from './round-plan.ts'

/**
 * Keeping at it, as a plan that is approved once: train -> evaluate -> choose -> embed -> commit -> reveal -> go on with
 * the optimizer state. Pure: whoever runs it asks `nextWork` and `nextReveal` what to do, does it, and tells `advance`
 * what came of it. Plain JSON throughout, so that a plan survives a reload. Reveals are apart from the rest and never
 * wait for it: a network drops a commit that is not revealed in the next epoch, and slashes a first one.
 */
export interface RoundState {
  readonly id: string
  readonly plan: RoundPlan
  readonly subject: RoundSubject
  /** The model that is updated; null until one was created. */
  readonly modelId: string | null
  /** From 1. */
  readonly round: number
  readonly activity: RoundActivity
  /** Where the run stood when the round began, and where training ends; null before. */
  readonly span: { readonly from: number; readonly to: number } | null
  /** Trained weights that the plan began with, to be beaten until a round is published; absent from fresh ones. */
  readonly start?: CheckpointName
  /** What is in force, else what the plan began with or where the round did: measured on the same data as the candidates. */
  readonly before: Candidate | Registered | null
  /** Checkpoints of this round. */
  readonly candidates: readonly Candidate[]
  /** What is being published. */
  readonly chosen: Candidate | null
  /** Its package with key and embedding; null until it is made. */
  readonly draftId: string | null
  /** What was committed last; null before the first commit. */
  readonly published: Candidate | null
  /** A commit that waits for its reveal. */
  readonly reveal: OwedReveal | null
  readonly epoch: number
  /** Rounds that are over. */
  readonly entries: readonly RoundEntry[]
  /** How it ended; null while it goes on. A stop waits for the reveal that is owed. */
  readonly ended: 'finished' | 'stopped' | null
  readonly stopping: boolean
  /** Why work stands still; a reveal is made all the same. */
  readonly halted: SerialisedError | null
}

export interface CheckpointName {
  readonly runId: string
  readonly step: number
  readonly weightsDigest: string
}

/** A checkpoint with its loss on the data that the plan chooses by; null until it is evaluated. */
export interface Candidate extends CheckpointName {
  readonly loss: number | null
}

/** The weights that the network holds of the plan's model: in force until the plan has published some. */
export interface Registered {
  readonly modelId: string
  readonly loss: number | null
}

export interface OwedReveal {
  readonly round: number
  readonly draftId: string
  readonly commitEpoch: number
  /** The first commit of a model: a missed reveal costs stake and the model. */
  readonly isFirst: boolean
  /** Why the last attempt failed. */
  readonly error: SerialisedError | null
}

/** What a round did. Losses are the contract's; null where nothing was measured. */
export interface RoundEntry {
  readonly round: number
  readonly from: number
  readonly to: number
  readonly before: number | null
  readonly after: number | null
  /** Step of the checkpoint that was chosen. */
  readonly chosen: number | null
  readonly outcome: 'committed' | 'revealed' | 'missed' | 'no-better' | 'declined'
  /** What `before` is the loss of, where that is the trained weights that the plan began with. */
  readonly start?: string
  readonly commitEpoch: number | null
  readonly revealEpoch: number | null
}

export type RoundActivity = 'train' | 'evaluate' | 'embed' | 'commit' | 'rest'

export type RoundEvent =
  /** The round's training begins at this step. */
  | { readonly kind: 'begun'; readonly step: number }
  | {
      readonly kind: 'trained'
      readonly start: CheckpointName | null
      readonly checkpoints: readonly CheckpointName[]
    }
  /** Losses of all that `toEvaluate` names, by digest, and of what `registered` names, by the model's id. */
  | { readonly kind: 'evaluated'; readonly losses: Readonly<Record<string, number>> }
  | { readonly kind: 'packaged'; readonly draftId: string }
  | {
      readonly kind: 'committed'
      readonly epoch: number
      readonly modelId: string
      readonly isFirst: boolean
    }
  /** The user said no to the commit: nothing is published in this round. */
  | { readonly kind: 'declined' }
  | { readonly kind: 'revealed'; readonly epoch: number }
  /** The reveal's only epoch has passed. */
  | { readonly kind: 'missed' }
  | { readonly kind: 'epoch'; readonly epoch: number }
  | { readonly kind: 'stop' }
  /** Ends at once; a reveal that is owed is the user's from then on. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'failed'; readonly of: 'work' | 'reveal'; readonly error: SerialisedError }
  | { readonly kind: 'retry' }

export type RoundWork =
  | { readonly kind: 'train' }
  | { readonly kind: 'evaluate' }
  | { readonly kind: 'embed' }
  | { readonly kind: 'commit' }
  /** Nothing to do before this epoch; tell it with an 'epoch' event. */
  | { readonly kind: 'wait'; readonly untilEpoch: number }

export function beginRounds(id: string, plan: RoundPlan, subject: RoundSubject, epoch: number): RoundState {
  return {
    id,
    plan,
    subject,
    modelId: subject.modelId,
    round: 1,
    activity: 'train',
    span: null,
    before: null,
    candidates: [],
    chosen: null,
    draftId: null,
    published: null,
    reveal: null,
    epoch,
    entries: [],
    ended: null,
    stopping: false,
    halted: null,
  }
}

/** What is to be done beside reveals; null where all is over or work stands still. */
export function nextWork(state: RoundState): RoundWork | null {
  if (state.ended || state.halted) return null
  const { reveal, activity } = state
  // A second commit would overwrite the one that has not been revealed.
  const waits = activity === 'commit' || activity === 'rest'
  if (reveal && waits) return { kind: 'wait', untilEpoch: reveal.commitEpoch + 1 }
  return activity === 'rest' ? null : { kind: activity }
}

/** What is to be done about the reveal that is owed; null where there is none, or it is not due. */
export function nextReveal({ reveal, ended, epoch }: RoundState): 'reveal' | 'missed' | null {
  if (!reveal || ended || epoch <= reveal.commitEpoch) return null
  if (epoch > reveal.commitEpoch + 1) return 'missed'
  return reveal.error ? null : 'reveal'
}

/** Checkpoints that an evaluation measures: the candidates and what they must be better than. */
export function toEvaluate({ before, candidates }: RoundState): readonly Candidate[] {
  const known = new Set(candidates.map(({ weightsDigest }) => weightsDigest))
  const isNamed = before && 'weightsDigest' in before
  return isNamed && !known.has(before.weightsDigest) ? [before, ...candidates] : candidates
}

/** The model whose registered weights an evaluation measures too; null where it need not. */
export function registered({ before }: RoundState): string | null {
  return before && 'modelId' in before ? before.modelId : null
}

/** The state after an event; an event that does not belong to the activity changes nothing. */
export function advance(state: RoundState, event: RoundEvent): RoundState {
  if (state.ended) return state
  switch (event.kind) {
    case 'epoch':
      return { ...state, epoch: Math.max(state.epoch, event.epoch) }
    case 'stop':
      return settle({ ...state, stopping: true, activity: 'rest', halted: null })
    case 'leave':
      return { ...state, stopping: true, activity: 'rest', halted: null, ended: 'stopped' }
    case 'failed':
      if (event.of === 'work') return state.stopping ? state : { ...state, halted: event.error }
      return state.reveal ? { ...state, reveal: { ...state.reveal, error: event.error } } : state
    case 'retry':
      return { ...state, halted: null, reveal: state.reveal && { ...state.reveal, error: null } }
    case 'revealed':
      return revealed(state, event.epoch)
    case 'missed':
      return missed(state)
    case 'begun':
      if (state.activity !== 'train' || state.span) return state
      return { ...state, span: { from: event.step, to: event.step + state.plan.steps } }
    case 'trained': {
      if (state.activity !== 'train' || event.checkpoints.length === 0) return state
      const unmeasured = (one: CheckpointName): Candidate => ({ ...one, loss: null })
      const isTrained = state.subject.startsFrom !== undefined
      const start = state.start ?? (isTrained && state.round === 1 ? event.start : null)
      const candidates = event.checkpoints.map(unmeasured)
      const next = { ...state, ...(start ? { start } : {}) }
      const named = state.published ?? start ?? event.start
      const compares = !state.published && !state.plan.publishWorse && !state.subject.uncompared
      const before =
        compares && state.modelId !== null
          ? { modelId: state.modelId, loss: null }
          : named && unmeasured(named)
      return { ...next, activity: 'evaluate', before, candidates }
    }
    case 'evaluated':
      return state.activity === 'evaluate' ? evaluated(state, event.losses) : state
    case 'packaged':
      return state.activity === 'embed' ? { ...state, activity: 'commit', draftId: event.draftId } : state
    case 'declined':
      return state.activity === 'commit' ? nextRound(state, 'declined') : state
    case 'committed': {
      if (state.activity !== 'commit' || !state.draftId) return state
      const { round, draftId } = state
      const { epoch: commitEpoch, isFirst, modelId } = event
      return nextRound(
        {
          ...state,
          modelId,
          epoch: Math.max(state.epoch, commitEpoch),
          published: state.chosen,
          reveal: { round, draftId, commitEpoch, isFirst, error: null },
        },
        'committed',
      )
    }
    default:
      return event satisfies never
  }
}

/**
 * The lowest finite loss is published if it is better than what is in force, or else than the trained weights that the plan
 * began with; fresh ones are nothing to be better than.
 */
function evaluated(state: RoundState, losses: Readonly<Record<string, number>>): RoundState {
  const measured = <T extends Candidate | Registered>(one: T): T => ({
    ...one,
    loss: losses['modelId' in one ? one.modelId : one.weightsDigest] ?? null,
  })
  const candidates = state.candidates.map(measured)
  const before = state.before && measured(state.before)
  const next = { ...state, before, candidates }
  const finite = candidates.filter(({ loss }) => loss !== null && Number.isFinite(loss))
  if (finite.length === 0) return nextRound(next, 'no-better')
  const best = finite.reduce((a, b) => (b.loss! < a.loss! ? b : a))
  const chosen = { ...next, chosen: best }
  // What was in force may be worth nothing on data that has changed since: it is measured anew each time.
  const toBeat = state.published || state.start || registered(state) ? before?.loss : null
  const { publishWorse = false, improvement } = state.plan
  const enough = publishWorse || toBeat == null || !(best.loss! >= toBeat - improvement)
  return enough ? { ...chosen, activity: 'embed' } : nextRound(chosen, 'no-better')
}

function nextRound(state: RoundState, outcome: RoundEntry['outcome']): RoundState {
  const { round, span, before, chosen, candidates, reveal, start, subject } = state
  const isOfStart =
    start !== undefined &&
    before !== null &&
    'weightsDigest' in before &&
    before.weightsDigest === start.weightsDigest
  const finite = candidates.flatMap(({ loss }) => (loss === null ? [] : [loss]))
  const entry: RoundEntry = {
    round,
    from: span?.from ?? 0,
    to: span?.to ?? 0,
    before: before?.loss ?? null,
    after: chosen?.loss ?? (finite.length > 0 ? Math.min(...finite) : null),
    chosen: chosen?.step ?? null,
    outcome,
    commitEpoch: outcome === 'committed' ? (reveal?.commitEpoch ?? null) : null,
    revealEpoch: null,
    ...(isOfStart && subject.startsFrom ? { start: subject.startsFrom } : {}),
  }
  const rested: RoundState = {
    ...state,
    entries: [...state.entries, entry],
    span: null,
    before: null,
    candidates: [],
    chosen: null,
    draftId: null,
    activity: 'rest',
  }
  const { rounds } = state.plan
  if (rounds > 0 && round >= rounds) return settle(rested)
  return { ...rested, activity: 'train', round: round + 1 }
}

function revealed(state: RoundState, epoch: number): RoundState {
  const { reveal } = state
  if (!reveal) return state
  const entries = amended(state, reveal.round, { outcome: 'revealed', revealEpoch: epoch })
  return settle({ ...state, reveal: null, entries })
}

/** An update that is missed is dropped and what was in force stays; a first one takes its model along. */
function missed(state: RoundState): RoundState {
  const { reveal } = state
  if (!reveal) return state
  const entries = amended(state, reveal.round, { outcome: 'missed' })
  const modelId = reveal.isFirst ? null : state.modelId
  return settle({ ...state, reveal: null, published: null, modelId, entries })
}

function amended({ entries }: RoundState, round: number, change: Partial<RoundEntry>): RoundEntry[] {
  return entries.map((entry) => (entry.round === round ? { ...entry, ...change } : entry))
}

/** Ends what rests and owes no reveal. */
function settle(state: RoundState): RoundState {
  if (state.activity !== 'rest' || state.reveal) return state
  return { ...state, ended: state.stopping ? 'stopped' : 'finished' }
}
