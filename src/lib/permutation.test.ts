import { describe, expect, it } from 'vitest'
import { createPermutation } from './permutation.ts'

const all = (count: number, seed: number, stream?: number) =>
  Array.from({ length: count }, (_, i) => createPermutation(count, seed, stream)(i))

describe('createPermutation', () => {
  it.each([1, 2, 3, 4, 5, 7, 16, 17, 255, 1000])('gives each of %d once', (count) => {
    expect(new Set(all(count, 42))).toEqual(new Set(Array.from({ length: count }, (_, i) => i)))
  })

  it('depends on seed and stream, and on nothing else', () => {
    expect(all(100, 1)).toEqual(all(100, 1))
    expect(all(100, 1)).not.toEqual(all(100, 2))
    expect(all(100, 1, 0)).not.toEqual(all(100, 1, 1))
  })

  it('stays inside for counts beyond 32 bits', () => {
    const count = 2 ** 33 + 12_345
    const order = createPermutation(count, 7)
    const seen = new Set(Array.from({ length: 2000 }, (_, i) => order(count - 1 - i)))
    expect(seen.size).toBe(2000)
    for (const value of seen) expect(value >= 0 && value < count && Number.isInteger(value)).toBe(true)
  })

  it('leaves no trend: mean position and neighbours look random', () => {
    const order = all(1000, 3)
    const firstHalf = order.slice(0, 500).reduce((sum, value) => sum + value, 0) / 500
    // The mean of 500 of 1000 drawn without replacement has a standard deviation of 9.1.
    expect(Math.abs(firstHalf - 499.5)).toBeLessThan(46)
    expect(order.filter((value, i) => Math.abs(value - (order[i + 1] ?? 5000)) === 1).length).toBeLessThan(12)
  })

  it('refuses an index outside', () => {
    expect(() => createPermutation(3, 1)(3)).toThrow(RangeError)
    expect(() => createPermutation(0, 1)(0)).toThrow(RangeError)
  })
})
