import { decimate, MAX_POINTS } from '../../metrics/decimate.ts'
import type { Series } from '../../metrics/series.ts'
import { smooth } from '../../metrics/smooth.ts'
import type { MetricName, ValidationPoint } from '../../stores/run-store.ts'
import type { LossSpan } from '../../stores/view-store.ts'
import { type Axis, linearAxis, logAxis } from '../../ui/charts/axis-ticks.ts'
import type { Plot, PlotLine, PlotRow } from '../../ui/charts/line-plot.tsx'

/** Points of a plot that is under 200 pixels wide. */
const SMALL_POINTS = 160

/** Steps with a validation that stay on screen; the rest of MAX_POINTS is for the training loss. */
const MAX_VALIDATIONS = 100

export const lossLines: readonly PlotLine[] = [
  { key: 'raw', label: 'train, each step', color: 'var(--train)', width: 1, opacity: 0.35 },
  { key: 'smoothed', label: 'train, smoothed', color: 'var(--train)', width: 2.2 },
  { key: 'validation', label: 'validation', color: 'var(--val)', width: 2.2, dots: true },
]

export interface LossView {
  readonly smoothing: number
  readonly log: boolean
  /** All steps unless told. */
  readonly span?: LossSpan
}

/**
 * Rows for the loss chart: at most MAX_POINTS steps that keep every spike of the raw loss, with all three lines at
 * each step where they have a value. On a log axis values that are not positive are gaps.
 */
export function lossPlot(
  series: Series<MetricName>,
  validation: readonly ValidationPoint[],
  view: LossView,
): Plot {
  const [first, end] = spanned(series.column('step'), view.span)
  const steps = series.column('step').subarray(first, end)
  const loss = series.column('loss').subarray(first, end)
  // From the first step on, so that the line does not depend on what part of it is shown.
  const smoothed = smooth(series.column('loss'), view.smoothing).subarray(first, end)
  const [from, to] = [steps[0] ?? 0, steps.at(-1) ?? Number.POSITIVE_INFINITY]
  const all = first === 0 && end === series.length
  const shownValidation = all ? validation : validation.filter(({ step }) => step >= from && step <= to)
  const kept = decimate(
    Float64Array.from(shownValidation, (point) => point.loss),
    MAX_VALIDATIONS,
  )
  const byStep = new Map<number, { raw?: number; smoothed?: number; validation?: number }>()
  for (const index of kept) {
    const point = shownValidation[index]!
    byStep.set(point.step, { validation: point.loss })
  }
  const room = MAX_POINTS - byStep.size
  const indices = new Set<number>(decimate(loss, room))
  for (const index of indices) {
    const step = steps[index]!
    byStep.set(step, { ...byStep.get(step), raw: loss[index]!, smoothed: smoothed[index]! })
  }
  // A step with a validation shows its training loss too, so that the crosshair can compare them.
  for (let index = 0; index < steps.length; index += 1) {
    const row = byStep.get(steps[index]!)
    if (row && row.raw === undefined) Object.assign(row, { raw: loss[index]!, smoothed: smoothed[index]! })
  }
  const shown = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) || (view.log && value <= 0) ? null : value
  const rows = [...byStep]
    .sort(([a], [b]) => a - b)
    .map(([step, row]) => ({
      step,
      raw: shown(row.raw),
      smoothed: shown(row.smoothed),
      validation: shown(row.validation),
    }))
  return plotOf(rows, lossLines, view.log)
}

/** Places of the first step that is shown and of the one after the last; all where none would be left. */
function spanned(steps: Float64Array, span: LossSpan = 1): readonly [number, number] {
  const { length } = steps
  if (length === 0) return [0, 0]
  if (typeof span === 'number') return [length - Math.max(1, Math.ceil(span * length)), length]
  const first = steps.findIndex((step) => step >= span[0])
  const last = steps.findLastIndex((step) => step <= span[1])
  return first < 0 || last <= first ? [0, length] : [first, last + 1]
}

/** Rows for a small plot of one metric. */
export function metricPlot(series: Series<MetricName>, metric: MetricName, label: string): Plot {
  const steps = series.column('step')
  const values = series.column(metric)
  const rows = Array.from(decimate(values, SMALL_POINTS), (index): PlotRow => {
    const value = values[index]!
    return { step: steps[index]!, value: Number.isFinite(value) ? value : null }
  })
  return plotOf(rows, [{ key: 'value', label, color: 'var(--train)', width: 1.2 }], false)
}

/** A plot of these rows with axes around all that they hold. */
export function plotOf(rows: readonly PlotRow[], lines: readonly PlotLine[], log: boolean): Plot {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    for (const { key } of lines) {
      const value = row[key]
      if (typeof value !== 'number') continue
      low = Math.min(low, value)
      high = Math.max(high, value)
    }
  }
  const yAxis = low > high ? linearAxis(0, 1) : log ? logAxis(low, high) : linearAxis(low, high)
  return { rows, lines, log: log && low <= high, xAxis: stepAxis(rows), yAxis }
}

/** Ends at the last step, so that the line uses the whole width. */
function stepAxis(rows: readonly PlotRow[]): Axis {
  const first = rows[0]?.step ?? 0
  const last = Math.max(rows.at(-1)?.step ?? 1, first + 1)
  const { ticks } = linearAxis(first, last, 6)
  return {
    domain: [first, last],
    ticks: ticks.filter((tick) => tick >= first && tick <= last && Number.isInteger(tick)),
  }
}
