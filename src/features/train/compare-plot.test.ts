import { expect, it } from 'vitest'
import { createSeries } from '../../metrics/series.ts'
import { metricNames } from '../../stores/run-store.ts'
import { comparePlot } from './compare-plot.ts'
import { lossPlot } from './loss-plot.ts'

const view = { smoothing: 0, log: false }
const series = createSeries(metricNames)
const zeros = [0, 0, 0]
series.append({
  ...Object.fromEntries(metricNames.map((name) => [name, zeros])),
  step: [1, 2, 3],
  loss: [4, 3, 2],
} as Record<(typeof metricNames)[number], number[]>)
const other = { name: 'calm-otter', steps: [2, 4], loss: [6, 5] }
const seen = (span: number) =>
  comparePlot(lossPlot(series, [], { ...view, span }), other, { ...view, span }).rows.map(
    ({ step, raw, other: theirs }) => [step, raw, theirs],
  )

it('puts an earlier run beside this one, step by step, on axes that hold both', () => {
  expect(seen(1)).toEqual([
    [1, 4, null],
    [2, 3, 6],
    [3, 2, null],
    [4, null, 5],
  ])
  const { xAxis, yAxis, lines } = comparePlot(lossPlot(series, [], view), other, view)
  expect(xAxis.domain).toEqual([1, 4])
  expect(yAxis.domain[1]).toBeGreaterThanOrEqual(6)
  expect(lines.map(({ key }) => key)).toContain('other')
})

it('shows the same part of it as of the run on screen', () => {
  expect(seen(0.5)).toEqual([
    [2, 3, 6],
    [3, 2, null],
  ])
})
