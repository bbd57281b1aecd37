import type { Engine } from '../../engine/engine.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { averagedWeights } from './merged-weights.ts'
import { loadWeights, type WeightsReader } from './weights-reader.ts'

/** Loss on each of several data sets, by the name of the set. */
export type LossesByData = Readonly<Record<string, number>>

/** Measures the weights that the engine holds. */
export type Measure = (engine: Engine, signal?: AbortSignal) => Promise<LossesByData>

export interface SweepPoint {
  readonly beta: number
  readonly losses: LossesByData
}

export interface BetaSweep {
  readonly points: readonly SweepPoint[]
  /** The beta of the lowest loss on each data set; the smaller one on ties. */
  readonly best: LossesByData
}

export interface SweepOptions {
  readonly mine: WeightsReader
  readonly theirs: WeightsReader
  /** From 0 (mine) to 1 (theirs); 0, 0.1, ... 1 unless told. */
  readonly betas?: readonly number[]
  readonly measure: Measure
  readonly signal?: AbortSignal
  readonly onPoint?: (point: SweepPoint, done: number, total: number) => void
}

export const defaultBetas: readonly number[] = Array.from({ length: 11 }, (_, index) => index / 10)

/** Validation losses along the straight path from mine to theirs. The engine is left with the last point's weights. */
export async function betaSweep(engine: Engine, options: SweepOptions): Promise<BetaSweep> {
  const { mine, theirs, betas = defaultBetas, measure, signal } = options
  const points: SweepPoint[] = []
  for (const beta of betas) {
    throwIfAborted(signal)
    await loadWeights(engine, averagedWeights(mine, theirs, beta), signal)
    const point = { beta, losses: await measure(engine, signal) }
    points.push(point)
    options.onPoint?.(point, points.length, betas.length)
  }
  return { points, best: bestBetas(points) }
}

export function bestBetas(points: readonly SweepPoint[]): LossesByData {
  const names = Object.keys(points[0]?.losses ?? {})
  return Object.fromEntries(
    names.map((name) => {
      const best = points.reduce((a, b) => (b.losses[name]! < a.losses[name]! ? b : a))
      return [name, best.beta]
    }),
  )
}
