import type { SweepView } from '../../stores/strategy-store.ts'

type SweepPoint = SweepView['points'][number]

/** What a sweep says of one data set: losses of mine, of theirs, halfway, and the lowest between the two. */
export interface SweepFigures {
  readonly name: string
  readonly mine: number
  readonly theirs: number
  /** Of the point nearest to the middle. */
  readonly halfway: number
  /** Of the best point between the ends; it may be above both. */
  readonly blend: { readonly beta: number; readonly loss: number }
}

const MIDDLE = 0.5

/** Of each data set, and of the mean of all where there are several. The points go from mine to theirs, three or more. */
export function sweepFigures(points: readonly SweepPoint[], data: readonly string[]): SweepFigures[] {
  const figures = (name: string, loss: (point: SweepPoint) => number): SweepFigures => {
    const between = points.slice(1, -1)
    const best = between.reduce((a, b) => (loss(b) < loss(a) ? b : a))
    const middle = points.reduce((a, b) => (away(b) < away(a) ? b : a))
    return {
      name,
      mine: loss(points[0]!),
      theirs: loss(points.at(-1)!),
      halfway: loss(middle),
      blend: { beta: best.beta, loss: loss(best) },
    }
  }
  const each = data.map((name) => figures(name, ({ losses }) => losses[name]!))
  if (data.length < 2) return each
  const mean = ({ losses }: SweepPoint) => data.reduce((sum, name) => sum + losses[name]! / data.length, 0)
  return [...each, figures(data.length === 2 ? 'the mean of both' : 'the mean of all', mean)]
}

const away = ({ beta }: SweepPoint) => Math.abs(beta - MIDDLE)
