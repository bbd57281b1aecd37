import { type Recipe, type RecipeNumber, recipeBounds } from '../../train/recipe.ts'
import type { RunRecord } from '../../worker/protocol.ts'

/** The run of this device whose weights a run began with, at whichever checkpoint. */
export function parentOf(run: RunRecord, runs: readonly RunRecord[]): RunRecord | undefined {
  const digest = run.base?.digest
  if (digest === undefined) return undefined
  return runs.find(
    ({ id, checkpoint, kept = [] }) =>
      id !== run.id && [checkpoint, ...kept].some((one) => one?.weightsDigest === digest),
  )
}

/** What a run does otherwise than the one that it goes on from, in a line; null where that is not kept here. */
export function unlikeParent(run: RunRecord, runs: readonly RunRecord[]): string | null {
  const parent = parentOf(run, runs)
  if (!parent) return null
  const { recipe: now } = run
  const { recipe: before } = parent
  const numbers = (Object.keys(recipeBounds) as RecipeNumber[])
    .filter((key) => now[key] !== before[key])
    .map((key) => `${recipeBounds[key].label.toLowerCase()} ${now[key]}, not ${before[key]}`)
  const others = [
    ...(run.corpus.digest === parent.corpus.digest ? [] : ['other data']),
    ...(taught(run) === taught(parent) ? [] : [run.distillation ? 'with teachers' : 'without its teachers']),
    ...(rounded(now) === rounded(before) ? [] : ['other rounding']),
  ]
  const differences = [...others, ...numbers]
  return differences.length === 0
    ? `Goes on from ${parent.name} with the same data and recipe.`
    : `Unlike ${parent.name}: ${differences.join('; ')}.`
}

const taught = ({ distillation }: RunRecord) =>
  distillation ? JSON.stringify([distillation.alpha, distillation.teachers.map(({ digest }) => digest)]) : ''

/** Of what a memory plan changes in figures. */
const rounded = ({ memoryPlan, layerInputBits }: Recipe) => `${memoryPlan === 'C'} ${layerInputBits === 16}`
