import { unitVector } from './cosine-source.ts'
import type { Assignment, ForecastModel } from './forecast-routing.ts'
import { forecastTarget } from './forecast-targets.ts'

/** A submission on which models were scored: a row of the domain gap analysis. */
export interface ScoredData {
  /** Where the data lies: the winning embedding that the target holds, [dim]. */
  readonly embedding: Float32Array
  /** The contract's loss by model id; models that were not scored are missing. */
  readonly losses: Readonly<Record<string, number>>
}

export interface WinForecast {
  /** Share of the assigned targets that my model would win; `low` counts what is not known as lost, `high` as won. */
  readonly low: number
  readonly high: number
  /** Share of the comparisons that were known. */
  readonly known: number
  readonly comparisons: number
}

export interface PredictOptions {
  readonly mineId: string
  readonly others: readonly Pick<ForecastModel, 'id'>[]
  readonly data: readonly ScoredData[]
  /** Of the forecast that made the assignments. */
  readonly seed: number
  readonly dim: number
  /** Submissions that stand for what will be submitted to a target; 10 unless told. */
  readonly nearest?: number
  /** Assigned targets that are looked at, spread evenly over all; 500 unless told. */
  readonly mostTargets?: number
}

/**
 * What assignments are worth: for each assigned target, the submissions nearest to it, and whether my model has the
 * lowest loss of all models assigned. An embedding that collects targets it loses shows here. Undefined where there
 * are no assignments or my model was scored on nothing.
 */
export function predictWins(
  assigned: readonly Assignment[],
  options: PredictOptions,
): WinForecast | undefined {
  const { mineId, others, seed, dim, nearest = 10, mostTargets = 500 } = options
  const scored = options.data
    .filter(({ losses }) => losses[mineId] !== undefined)
    .map((one) => ({ ...one, unit: unitVector(one.embedding) }))
  if (assigned.length === 0 || scored.length === 0) return undefined
  let [won, unknown, comparisons] = [0, 0, 0]
  for (const { target, rivals } of spread(assigned, mostTargets)) {
    const embedding = forecastTarget(seed, target, dim)
    const ids = rivals.map((index) => others[index]!.id)
    const near = scored
      .map(({ losses, unit }) => ({ losses, closeness: product(unit, embedding) }))
      .sort((a, b) => b.closeness - a.closeness)
      .slice(0, nearest)
    for (const { losses } of near) {
      comparisons += 1
      const mine = losses[mineId]!
      const theirs = ids.map((id) => losses[id])
      if (theirs.some((loss) => loss !== undefined && loss <= mine)) continue
      if (theirs.includes(undefined)) unknown += 1
      else won += 1
    }
  }
  return {
    low: won / comparisons,
    high: (won + unknown) / comparisons,
    known: 1 - unknown / comparisons,
    comparisons,
  }
}

function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)]!)
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!
  return sum
}
