import { formatCount, formatPlural } from '../../lib/format-count.ts'
import type { RoundActivity, RoundState } from '../../strategies/rounds/rounds.ts'
import type { TimelineEntry } from '../../ui/timeline.tsx'
import { chosenBy } from './round-sentences.ts'

const order: readonly RoundActivity[] = ['train', 'evaluate', 'embed', 'commit']

/** The steps of the round under way, with their figures. `step`: where training is. */
export function roundSteps(state: RoundState, step: number | null): readonly TimelineEntry[] {
  const { activity, span, candidates, before, chosen, plan, modelId, reveal } = state
  const at = order.indexOf(activity)
  const now = (place: number): TimelineEntry['state'] => {
    if (activity === 'rest' || at > place) return 'done'
    return at === place ? 'now' : 'ahead'
  }
  const trained =
    span === null
      ? `Train ${formatPlural(plan.steps, 'step')}`
      : at === 0
        ? `Train, step ${formatCount(Math.max(step ?? span.from, span.from))} of ${formatCount(span.to)}`
        : `Trained from step ${formatCount(span.from)} to ${formatCount(span.to)}`
  const losses = candidates.filter(({ loss }) => loss !== null)
  const measured =
    losses.length === 0
      ? `Measure ${formatPlural(candidates.length || plan.checkpoints, 'checkpoint')} on ${chosenBy(plan.chooseBy)}`
      : `Measured on ${chosenBy(plan.chooseBy)}: ${[
          ...(before?.loss == null ? [] : [`before ${before.loss.toFixed(4)}`]),
          ...losses.map((one) => `step ${formatCount(one.step)} ${one.loss!.toFixed(4)}`),
        ].join(', ')}`
  const embedded = chosen
    ? `${at > 2 ? 'Embedded and encrypted' : 'Embed and encrypt'} the checkpoint of step ${formatCount(chosen.step)}`
    : 'Embed and encrypt the best'
  const waits = activity === 'commit' && reveal ? `, after the reveal in epoch ${reveal.commitEpoch + 1}` : ''
  return [
    { text: trained, state: now(0) },
    { text: measured, state: now(1) },
    { text: embedded, state: now(2) },
    {
      text: `${modelId || reveal ? 'Commit the update' : 'Create the model and commit it'}${waits}`,
      state: now(3),
    },
    { text: 'Reveal in the epoch after the commit', state: 'ahead' },
  ]
}

/** Where the plan stands, as a sentence. */
export function standing(state: RoundState, running: boolean): string {
  const { ended, round, plan, reveal, activity, stopping, epoch } = state
  const of = plan.rounds > 0 ? ` of ${formatCount(plan.rounds)}` : ''
  const due = reveal ? reveal.commitEpoch + 1 : null
  if (ended === 'finished') return `All ${formatPlural(plan.rounds, 'round')} are done.`
  if (ended === 'stopped') return `Stopped in round ${formatCount(round)}${of}.`
  if (!running) return `Round ${formatCount(round)}${of} stands still since the page was closed.`
  if (due !== null && epoch === due) return `Revealing in epoch ${due}.`
  if (stopping && due !== null) return `Stopping: the reveal that is owed can be made in epoch ${due}.`
  if (due !== null && activity === 'rest') return `Waiting for epoch ${due}, to reveal the last round.`
  if (due !== null && activity === 'commit')
    return `Waiting for epoch ${due}: the round before is revealed first.`
  return `Round ${formatCount(round)}${of}: ${words[activity]}.`
}

const words: Readonly<Record<RoundActivity, string>> = {
  train: 'training',
  evaluate: 'measuring its checkpoints',
  embed: 'embedding and encrypting the best',
  commit: 'committing',
  rest: 'done',
}
