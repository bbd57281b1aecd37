import { StudioError } from '../../lib/studio-error.ts'
import {
  advance,
  type CheckpointName,
  nextReveal,
  nextWork,
  type RoundEvent,
  type RoundState,
  type RoundWork,
} from './rounds.ts'

/** What a plan is carried out with. Each rejects where it cannot; what it had done by then is found again. */
export interface RoundTools {
  /** Trains the plan's run to the end of the round; tells where it begins, once it has. */
  train(
    state: RoundState,
    begun: (step: number) => void,
    signal: AbortSignal,
  ): Promise<{ readonly start: CheckpointName | null; readonly checkpoints: readonly CheckpointName[] }>
  /** Losses by digest of the weights, those of the registered ones by the model's id. */
  evaluate(state: RoundState, signal: AbortSignal): Promise<Readonly<Record<string, number>>>
  /** Embeds and packages what was chosen; the id of its draft, which is kept on this device. */
  embed(state: RoundState, signal: AbortSignal): Promise<string>
  commit(
    state: RoundState,
    signal: AbortSignal,
  ): Promise<Extract<RoundEvent, { kind: 'committed' | 'declined' }>>
  /** The epoch in which it was revealed. Once begun it is not called back. */
  reveal(state: RoundState): Promise<number>
}

/** A plan under way. */
export interface RoundsRunner {
  readonly state: RoundState
  /** Tells what happened outside, such as a new epoch. */
  tell(event: Extract<RoundEvent, { kind: 'epoch' | 'retry' }>): void
  /** Ends what is under way and the plan with it, once a reveal that is owed was made; `leave` does not wait for that. */
  stop(leave?: boolean): void
}

/** Carries a plan out from where it stands. `onChange` is told of each state: keep it before anything else. */
export function runRounds(
  from: RoundState,
  tools: RoundTools,
  onChange: (state: RoundState, work: RoundWork | null) => void,
): RoundsRunner {
  let state = from
  let control = new AbortController()
  let working: RoundWork | null = null
  let revealing = false
  /** A stop that came while a commit was on its way: what is signed owes a reveal. */
  let stopAfter: 'stop' | 'leave' | null = null

  function apply(event: RoundEvent): void {
    state = advance(state, event)
    onChange(state, working)
  }

  /** Starts whatever is to be done and is not being done. */
  function pump(): void {
    const reveal = nextReveal(state)
    const publishes = working?.kind === 'embed' || working?.kind === 'commit'
    if (reveal === 'missed' && !revealing) apply({ kind: 'missed' })
    // The two would show themselves in one place and sign from one account.
    if (reveal === 'reveal' && !revealing && !publishes) void makeReveal()
    const work = nextWork(state)
    if (working || !work || work.kind === 'wait') return
    if (revealing && (work.kind === 'embed' || work.kind === 'commit')) return
    void doWork(work)
  }

  async function doWork(work: Exclude<RoundWork, { kind: 'wait' }>): Promise<void> {
    working = work
    control = new AbortController()
    onChange(state, working)
    let event: RoundEvent
    try {
      event = await perform(work.kind, control.signal)
    } catch (thrown) {
      event = { kind: 'failed', of: 'work', error: StudioError.from(thrown).serialise() }
    }
    working = null
    apply(event)
    if (stopAfter) apply({ kind: stopAfter })
    pump()
  }

  async function perform(kind: 'train' | 'evaluate' | 'embed' | 'commit', signal: AbortSignal) {
    switch (kind) {
      case 'train': {
        const begun = (step: number) => apply({ kind: 'begun', step })
        return { kind: 'trained', ...(await tools.train(state, begun, signal)) } as const
      }
      case 'evaluate':
        return { kind: 'evaluated', losses: await tools.evaluate(state, signal) } as const
      case 'embed':
        return { kind: 'packaged', draftId: await tools.embed(state, signal) } as const
      case 'commit':
        return tools.commit(state, signal)
      default:
        return kind satisfies never
    }
  }

  async function makeReveal(): Promise<void> {
    revealing = true
    let event: RoundEvent
    try {
      event = { kind: 'revealed', epoch: await tools.reveal(state) }
    } catch (thrown) {
      event = { kind: 'failed', of: 'reveal', error: StudioError.from(thrown).serialise() }
    }
    revealing = false
    apply(event)
    pump()
  }

  // Who made this is still without it.
  queueMicrotask(pump)
  return {
    get state() {
      return state
    },
    tell(event) {
      apply(event)
      pump()
    },
    stop(leave = false) {
      const kind = leave ? 'leave' : 'stop'
      if (working?.kind === 'commit') stopAfter = kind
      else apply({ kind })
      control.abort()
      pump()
    },
  }
}
