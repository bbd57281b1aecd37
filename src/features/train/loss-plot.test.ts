import { describe, expect, it } from 'vitest'
import { createSeries } from '../../metrics/series.ts'
import { metricNames, type ValidationPoint } from '../../stores/run-store.ts'
import type { LossSpan } from '../../stores/view-store.ts'
import { lossPlot, metricPlot } from './loss-plot.ts'

function seriesOf(losses: readonly number[]) {
  const series = createSeries(metricNames)
  const zeros = losses.map(() => 0)
  series.append({
    step: losses.map((_, i) => i + 1),
    loss: losses,
    crossEntropy: losses,
    sigreg: zeros,
    gradientNorm: zeros,
    learningRate: zeros,
    tokensPerSecond: zeros,
    embeddingError: zeros,
    logitDivergence: zeros,
  })
  return series
}

const every = (stride: number, count: number): ValidationPoint[] =>
  Array.from({ length: count }, (_, i) => ({
    step: i * stride,
    loss: 3 - i / count,
    bitsPerByte: 4,
    sigreg: 0,
  }))

describe('loss plot', () => {
  it('draws at most 400 points a line of a long run and keeps its spike', () => {
    const losses = Array.from({ length: 50_000 }, (_, i) => 5 - i / 50_000)
    losses[31_337] = 9
    const plot = lossPlot(seriesOf(losses), every(50, 1000), { smoothing: 0.9, log: false })
    for (const key of ['raw', 'smoothed', 'validation']) {
      expect(plot.rows.filter((row) => row[key] !== null).length).toBeLessThanOrEqual(400)
    }
    expect(plot.rows.some((row) => row['raw'] === 9)).toBe(true)
    expect(plot.yAxis.domain[1]).toBeGreaterThanOrEqual(9)
  })

  it('has rows in the order of steps, with the training loss beside each validation', () => {
    const plot = lossPlot(seriesOf([4, 3, 2, 1]), every(2, 3), { smoothing: 0, log: false })
    expect(plot.rows).toEqual([
      { step: 0, raw: null, smoothed: null, validation: 3 },
      { step: 1, raw: 4, smoothed: 4, validation: null },
      { step: 2, raw: 3, smoothed: 3, validation: 3 - 1 / 3 },
      { step: 3, raw: 2, smoothed: 2, validation: null },
      { step: 4, raw: 1, smoothed: 1, validation: 3 - 2 / 3 },
    ])
  })

  it('shows a part of the run, smoothed as in the whole, and all where nothing would be left', () => {
    const losses = [4, 3, 2, 1]
    const draw = (span: LossSpan) =>
      lossPlot(seriesOf(losses), every(2, 3), { smoothing: 0.5, log: false, span }).rows
    const all = draw(1)
    expect(draw([2, 3])).toEqual(all.filter(({ step }) => step === 2 || step === 3))
    expect(draw(0.25)).toEqual(all.filter(({ step, raw }) => step === 4 && raw === 1))
    expect(draw([7, 9])).toEqual(all)
  })

  it('leaves gaps for what is not finite, and for what a log axis cannot show', () => {
    const plot = lossPlot(seriesOf([2, Number.NaN, 0, 1]), [], { smoothing: 0, log: true })
    expect(plot.rows.map((row) => row['raw'])).toEqual([2, null, null, 1])
    expect(plot.log).toBe(true)
    expect(plot.yAxis.domain[0]).toBeGreaterThan(0)
  })

  it('has an axis before the first point', () => {
    expect(lossPlot(seriesOf([]), [], { smoothing: 0.9, log: true })).toMatchObject({ rows: [], log: false })
    expect(metricPlot(seriesOf([]), 'sigreg', 'SIGReg').yAxis.ticks.length).toBeGreaterThan(1)
  })
})
