import { decimate } from '../../metrics/decimate.ts'
import { smooth } from '../../metrics/smooth.ts'
import type { Plot, PlotLine } from '../../ui/charts/line-plot.tsx'
import { type LossView, plotOf } from './loss-plot.ts'

/** An earlier run's training loss, by step. */
export interface OtherRun {
  readonly name: string
  readonly steps: ArrayLike<number>
  readonly loss: ArrayLike<number>
}

/** Points of the other run: enough for a smoothed line, few beside those of the run on screen. */
const OTHER_POINTS = 160

export const otherLine = (name: string): PlotLine => ({
  key: 'other',
  label: `${name}, smoothed`,
  color: 'var(--faint)',
  width: 1.8,
})

/** The loss chart with another run's smoothed training loss in it; where a part is shown, the same part of that run. */
export function comparePlot(plot: Plot, other: OtherRun, view: LossView): Plot {
  const smoothed = smooth(other.loss, view.smoothing)
  const whole = plot.rows.length === 0 || view.span === undefined || view.span === 1
  const [from, to] = plot.xAxis.domain
  const lines = [otherLine(other.name), ...plot.lines]
  const none = Object.fromEntries(lines.map(({ key }) => [key, null]))
  const rows = new Map(plot.rows.map((row) => [row.step, { ...none, ...row }]))
  for (const index of decimate(smoothed, OTHER_POINTS)) {
    const step = other.steps[index]!
    const value = smoothed[index]!
    if (!whole && (step < from || step > to)) continue
    if (!Number.isFinite(value) || (view.log && value <= 0)) continue
    rows.set(step, { ...none, step, ...rows.get(step), other: value })
  }
  return plotOf(
    [...rows.values()].sort((a, b) => a.step - b.step),
    lines,
    view.log,
  )
}
