import { describe, expect, it } from 'vitest'
import { decimate, MAX_POINTS } from './decimate.ts'
import { seriesToCsv, seriesToJsonLines } from './export-series.ts'
import { modelFlopsUtilisation } from './model-flops-utilisation.ts'
import { createSeries } from './series.ts'
import { smooth } from './smooth.ts'
import { createThroughput } from './throughput.ts'

/** A noisy line, the same on each run. */
function noisy(length: number): Float64Array {
  let state = 1
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}

describe('decimate', () => {
  it.each([0, 1, 2, 399, 400])('returns a line of %d whole', (length) => {
    expect([...decimate(noisy(length))]).toEqual(Array.from({ length }, (_, i) => i))
  })

  it.each([401, 402, 799, 1000, 12_345, 100_000])('keeps the extremes of %d points', (length) => {
    const values = noisy(length)
    values[Math.floor(length / 3)] = 99
    values[Math.floor(length / 2)] = -99
    const kept = [...decimate(values)]
    expect(kept.length).toBeLessThanOrEqual(MAX_POINTS)
    expect(kept.length).toBeGreaterThan(MAX_POINTS / 2)
    expect(kept).toContain(Math.floor(length / 3))
    expect(kept).toContain(Math.floor(length / 2))
    expect(kept[0]).toBe(0)
    expect(kept.at(-1)).toBe(length - 1)
    expect(kept.every((index, i) => i === 0 || index > kept[i - 1]!)).toBe(true)
  })

  it('looks past values that are not finite and keeps gaps', () => {
    const values = noisy(10_000)
    values.fill(Number.NaN, 2000, 4000)
    values[5000] = Number.POSITIVE_INFINITY
    values[5001] = 7
    const kept = [...decimate(values)]
    expect(kept).toContain(5001)
    expect(kept).not.toContain(5000)
    expect(kept.filter((i) => i >= 2100 && i < 3900).every((i) => Number.isNaN(values[i]))).toBe(true)
    expect(kept.some((i) => i >= 2100 && i < 3900)).toBe(true)
    expect([...decimate(new Float64Array(1000).fill(Number.NaN))].length).toBeLessThanOrEqual(MAX_POINTS)
  })

  it('takes any budget of four or more', () => {
    for (const budget of [4, 5, 6, 50])
      expect(decimate(noisy(1000), budget).length).toBeLessThanOrEqual(budget)
    expect(() => decimate(noisy(1000), 3)).toThrow(RangeError)
  })
})

describe('createSeries', () => {
  it('grows by blocks and keeps columns together', () => {
    const series = createSeries(['step', 'loss'])
    expect(series.last('loss')).toBeUndefined()
    for (let block = 0; block < 50; block += 1) {
      const step = Float64Array.from({ length: 61 }, (_, i) => 61 * block + i)
      series.append({ step, loss: step.map((x) => -x) })
    }
    expect(series.length).toBe(3050)
    expect([...series.column('step')]).toEqual(Array.from({ length: 3050 }, (_, i) => i))
    expect(series.last('loss')).toBe(-3049)
    series.truncate(10)
    series.append({ step: [5], loss: [6] })
    expect(series.length).toBe(11)
    expect(series.last('step')).toBe(5)
  })

  it('takes no block with uneven columns', () => {
    const series = createSeries(['step', 'loss'])
    expect(() => series.append({ step: [1, 2], loss: [1] })).toThrow(/loss has 1 rows, not 2/)
    expect(series.length).toBe(0)
  })
})

describe('smooth', () => {
  it('starts at the first value and keeps a constant line', () => {
    expect([...smooth([5, 5, 5], 0.98)].every((value) => Math.abs(value - 5) < 1e-12)).toBe(true)
    expect(smooth([3, 1], 0.5)[1]).toBeCloseTo((0.25 * 3 + 0.5 * 1) / 0.75, 12)
    expect([...smooth([1, 2, 4], 0)]).toEqual([1, 2, 4])
  })

  it('skips values that are not finite', () => {
    const line = smooth([Number.NaN, 2, Number.NaN, Number.POSITIVE_INFINITY, 2], 0.9)
    expect(line[0]).toBeNaN()
    for (const i of [1, 2, 3, 4]) expect(line[i]).toBeCloseTo(2, 12)
  })
})

describe('createThroughput', () => {
  it('gives the rate and the time left', () => {
    const throughput = createThroughput()
    expect(throughput.eta(10)).toBeUndefined()
    throughput.record(0, 100)
    throughput.record(10, 105)
    throughput.record(20, 110)
    expect(throughput.rate()).toBeCloseTo(2, 12)
    expect(throughput.eta(50)).toBeCloseTo(15, 12)
    expect(throughput.eta(5)).toBe(0)
  })

  it('leaves a pause out', () => {
    const throughput = createThroughput()
    throughput.record(0, 0)
    throughput.record(4, 2)
    throughput.interrupt()
    throughput.record(4, 1000)
    throughput.record(8, 1002)
    expect(throughput.rate()).toBeCloseTo(2, 12)
  })

  it('counts records without progress into the time of the next', () => {
    const throughput = createThroughput()
    throughput.record(0, 0)
    throughput.record(0, 1)
    throughput.record(1, 2)
    expect(throughput.rate()).toBeCloseTo(0.5, 12)
  })
})

it('MFU is the share of the peak, where one is known', () => {
  expect(modelFlopsUtilisation(1000, 6e6, 1e12)).toBeCloseTo(0.006, 12)
  expect(modelFlopsUtilisation(1000, 6e6, undefined)).toBeUndefined()
  expect(modelFlopsUtilisation(1000, 6e6, 0)).toBeUndefined()
})

describe('export', () => {
  const series = createSeries(['step', 'loss, train'])
  series.append({ step: [1, 2], 'loss, train': [0.5, Number.NaN] })

  it('writes CSV', () => {
    expect(seriesToCsv(series)).toBe('step,"loss, train"\r\n1,0.5\r\n2,\r\n')
  })

  it('writes JSON lines', () => {
    const lines = seriesToJsonLines(series).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { step: 1, 'loss, train': 0.5 },
      { step: 2, 'loss, train': null },
    ])
  })
})
