import { isHeldOutAs } from '../../stores/held-out.ts'
import type { Recipe } from '../../train/recipe.ts'
import type { RunRecord } from '../../worker/protocol.ts'

/** A run that learned as another did, from the same weights and data, except that no teacher pulled at it. */
export interface TrainedAlone {
  readonly run: RunRecord
  /** What else is not the same, in words; empty where nothing is. */
  readonly differs: readonly string[]
}

/** Without these two ends of training say nothing of the teacher. */
const same = [
  'config',
  'sequence',
  'microBatch',
  'accumulation',
  'steps',
  'validationWindows',
] as const satisfies readonly (keyof Recipe)[]
const named = {
  seed: 'seed',
  learningRate: 'learning rate',
  warmupSteps: 'warm-up',
  dropout: 'dropout',
} as const satisfies Partial<Record<keyof Recipe, string>>

/** Whether its teachers had a part in what it learned: at alpha 1 they are only measured. */
export function isTaught({ distillation }: RunRecord): boolean {
  return distillation !== undefined && distillation.alpha < 1
}

export function isFinished({ stepsDone, recipe, lossLast }: RunRecord): boolean {
  return stepsDone >= recipe.steps && lossLast !== null
}

/** The run on this device that a taught one is best compared with: the fewest differences, then the newest. Null: none. */
export function trainedAlone(taught: RunRecord, runs: readonly RunRecord[]): TrainedAlone | null {
  const fitting = runs
    .filter((one) => isFinished(one) && !isTaught(one) && beginning(one) === beginning(taught))
    .filter(({ corpus }) => isHeldOutAs(corpus, taught.corpus))
    .filter(({ recipe }) => same.every((key) => recipe[key] === taught.recipe[key]))
    .map((run): TrainedAlone => {
      const keys = Object.keys(named) as (keyof typeof named)[]
      const differing = keys.filter((key) => run.recipe[key] !== taught.recipe[key])
      return { run, differs: differing.map((key) => named[key]) }
    })
  fitting.sort((a, b) => a.differs.length - b.differs.length || b.run.createdAt - a.run.createdAt)
  return fitting[0] ?? null
}

/** Weights and data that it began with. */
function beginning({ base, merge, corpus }: RunRecord): string {
  const weights = base?.digest ?? merge?.parts.map(({ digest }) => digest) ?? 'scratch'
  return JSON.stringify([weights, corpus.digest, corpus.sources.map(({ weight = 1 }) => weight)])
}

/** How a distilled run that has ended compares with training alone, in a sentence; null for any other run. */
export function taughtWords(taught: RunRecord, alone: TrainedAlone | null): string | null {
  if (!isTaught(taught) || !isFinished(taught)) return null
  if (!alone)
    return 'Whether its teachers helped is not known: no finished run of the same data, divided the same, start, steps and lengths without a teacher is on this device.'
  const by = taught.lossLast! - alone.run.lossLast!
  const other = `${nameOf(alone)}, which ended at ${alone.run.lossLast!.toFixed(4)}`
  if (by === 0) return `In validation distillation made no difference: it ended level with ${other}.`
  const size = Math.abs(by) < 0.0001 ? 'less than 0.0001' : Math.abs(by).toFixed(4)
  return by > 0
    ? `In validation distillation was worse than training alone on this data: it ended ${size} above ${other}.`
    : `In validation distillation was better than training alone on this data: it ended ${size} below ${other}.`
}

/** The same for the embedding, by its mean square distance to the teachers' at the last step. */
export function nearerWords(taught: number, alone: number, { run }: TrainedAlone): string {
  const [mine, other] = [taught, alone].map((error) => error.toPrecision(3))
  const verdict =
    taught < alone
      ? 'nearer to the teachers than'
      : taught > alone
        ? 'farther from the teachers than'
        : 'as near as'
  return `Its embedding ended ${verdict} that of ${run.name}: mean square distance ${mine} against ${other}.`
}

function nameOf({ run, differs }: TrainedAlone): string {
  const other = differs.length > 0 ? `, with another ${differs.join(', ')}` : ''
  return `${run.name}, the same without a teacher${other}`
}
