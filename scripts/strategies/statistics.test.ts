import { describe, expect, it } from 'vitest'
import { pairedDifference, spreadOf } from './statistics.ts'

describe('spreadOf', () => {
  it('is the mean, the deviation of a sample, and the range', () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      mean: 5,
      deviation: expect.closeTo(Math.sqrt(32 / 7), 12),
      least: 2,
      most: 9,
    })
    expect(spreadOf([3]).deviation).toBe(0)
  })
})

describe('pairedDifference', () => {
  it('has the interval of Student’s t', () => {
    // Differences 1, 2, 3: mean 2, deviation 1; t of two degrees of freedom is 4.303.
    const made = pairedDifference([2, 4, 6], [1, 2, 3])
    expect(made.mean).toBe(2)
    expect(made.high - made.mean).toBeCloseTo(4.303 / Math.sqrt(3), 6)
    expect(made.sure).toBe(false)
  })

  it('is sure only where sign and interval agree, and never of one seed', () => {
    expect(pairedDifference([1, 1.1, 0.9], [2, 2, 2]).sure).toBe(true)
    expect(pairedDifference([1, 2.1, 0.9], [2, 2, 2]).sure).toBe(false)
    expect(pairedDifference([1], [2])).toMatchObject({ mean: -1, sure: false })
  })
})
