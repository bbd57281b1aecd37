import { describe, expect, it } from 'vitest'
import { linearAxis, logAxis, tickFormat } from './axis-ticks.ts'

describe('axis ticks', () => {
  it('rounds a linear axis outwards to steps of 1, 2 or 5', () => {
    expect(linearAxis(2.61, 5.43)).toEqual({ domain: [2, 6], ticks: [2, 3, 4, 5, 6] })
    expect(linearAxis(0, 100)).toEqual({ domain: [0, 100], ticks: [0, 20, 40, 60, 80, 100] })
  })

  it('gives a single value room', () => {
    const { domain } = linearAxis(3, 3)
    expect(domain[0]).toBeLessThan(3)
    expect(domain[1]).toBeGreaterThan(3)
    expect(linearAxis(0, 0).ticks.length).toBeGreaterThan(1)
  })

  it('marks 1, 2, 5 of each decade on a log axis, powers of ten over many', () => {
    expect(logAxis(0.3, 6)).toEqual({ domain: [0.2, 10], ticks: [0.2, 0.5, 1, 2, 5, 10] })
    expect(logAxis(1e-5, 10).ticks).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10])
  })

  it('writes even ticks with the same decimals, those of decades as they are', () => {
    const texts = (ticks: readonly number[]) => ticks.map(tickFormat(ticks))
    expect(texts(linearAxis(5.2, 6).ticks)).toEqual(['5.2', '5.4', '5.6', '5.8', '6.0'])
    expect(texts(linearAxis(0, 100).ticks)).toEqual(['0', '20', '40', '60', '80', '100'])
    expect(texts(logAxis(0.3, 6).ticks)).toEqual(['0.2', '0.5', '1', '2', '5', '10'])
    expect(texts([1e-7, 2e-7])).toEqual(['1e-7', '2e-7'])
  })

  it('keeps several ticks on a log axis of a narrow range, all positive', () => {
    const { ticks, domain } = logAxis(2.5, 5.5)
    expect(ticks.length).toBeGreaterThanOrEqual(3)
    expect(domain[0]).toBeGreaterThan(0)
    expect(domain[0]).toBeLessThanOrEqual(2.5)
    expect(domain[1]).toBeGreaterThanOrEqual(5.5)
  })
})
