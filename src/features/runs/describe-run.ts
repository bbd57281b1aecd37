import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { RunRecord } from '../../worker/protocol.ts'

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
          `taught by ${run.distillation.teachers.map(({ label }) => label).join(', ')} (alpha ${run.distillation.alpha})`,
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
  const more = sources.length > 1 ? ` and ${sources.length - 1} more` : ''
  return `${first}${more}, ${formatBytes(bytes)}, digest ${compactAddress(digest)}, seed ${run.recipe.seed}`
}
