import { formatBytes } from '../lib/format-bytes.ts'
import { formatCount } from '../lib/format-count.ts'
import { compactAddress } from '../lib/soma-address.ts'
import type { RunRecord } from '../worker/protocol.ts'

/** One line that tells a run from another: config, start, steps, losses. */
export function describeRun(run: RunRecord): string {
  const { recipe, lossFirst, lossLast } = run
  const losses =
    lossFirst === null
      ? 'no validation yet'
      : `validation ${lossFirst.toFixed(4)}${lossLast === null ? '' : ` to ${lossLast.toFixed(4)}`}`
  return [
    recipe.config,
    `from ${run.startFrom}`,
    ...(run.distillation
      ? [
          `${run.distillation.alpha < 1 ? 'taught by' : 'measured beside'} ${run.distillation.teachers.map(({ label }) => label).join(', ')} (alpha ${run.distillation.alpha}${run.distillation.logits ? `, predictions at temperature ${run.distillation.logits.temperature}` : ''})`,
        ]
      : []),
    `step ${formatCount(run.stepsDone)} of ${formatCount(recipe.steps)}`,
    losses,
  ].join(', ')
}

/** What it was trained on. */
export function describeRunData(run: RunRecord): string {
  const { sources, bytes, digest } = run.corpus
  const first = sources[0]?.name ?? 'no data'
  const more = sources.length > 1 ? ` and ${formatCount(sources.length - 1)} more` : ''
  const { seed } = run.recipe
  const seeded = run.startFrom.includes(`seed ${seed}`) ? '' : `, seed ${seed}`
  return `${first}${more}, ${formatBytes(bytes)}, digest ${compactAddress(digest)}${seeded}`
}

/** What Adam begins with where a merged run is trained on. */
export function optimizerWords({ merge, recipe }: RunRecord): string {
  if (merge?.optimizer) {
    const { of, step } = merge.optimizer
    const warm = formatCount(recipe.warmupSteps)
    const pace = step < recipe.warmupSteps ? `within its warm-up of ${warm} steps` : 'past its warm-up'
    return `Training on it goes on with Adam’s moments of ${of} at step ${formatCount(step)}, ${pace}.`
  }
  const rate = `${recipe.learningRate}`
  return recipe.warmupSteps > 0
    ? `Training on it starts a fresh Adam: zero moments, the learning rate rising to ${rate} over ${formatCount(recipe.warmupSteps)} steps.`
    : `Training on it starts a fresh Adam: zero moments, learning rate ${rate} without a warm-up.`
}
