import type { Series } from '../../metrics/series.ts'
import type { MetricName } from '../../stores/run-store.ts'
import type { Recipe } from '../../train/recipe.ts'

/** Steps whose pace is averaged. */
const RECENT = 20

/** Tokens a second over the last steps: tokens by time, so that a slow step weighs as long as it took. */
export function recentTokensPerSecond(series: Series<MetricName>): number | undefined {
  let inverse = 0
  let count = 0
  for (const rate of series.column('tokensPerSecond').subarray(-RECENT)) {
    if (!(rate > 0)) continue
    inverse += 1 / rate
    count += 1
  }
  return count === 0 ? undefined : count / inverse
}

/** Seconds until the run's last step at the recent pace; undefined before the first step. */
export function timeLeft(
  series: Series<MetricName>,
  totalSteps: number,
  recipe: Pick<Recipe, 'microBatch' | 'accumulation' | 'sequence'>,
): number | undefined {
  const rate = recentTokensPerSecond(series)
  if (rate === undefined) return undefined
  const stepsLeft = Math.max(0, totalSteps - (series.last('step') ?? 0))
  return (stepsLeft * recipe.microBatch * recipe.accumulation * recipe.sequence) / rate
}
