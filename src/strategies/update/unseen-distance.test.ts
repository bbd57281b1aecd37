import { expect, test } from 'vitest'
import { unseenDistance } from './unseen-distance.ts'

test('each submission is measured against the mean of the others', () => {
  // At right angles to the one in force; the two that agree are 0 from each other, the third is 1 from their mean.
  const parts = [
    [0, 2, 0],
    [0, 3, 0],
    [0, 0, 5],
  ]
  const made = unseenDistance(parts, [1, 0, 0])!
  expect(made.before).toBeCloseTo(1, 12)
  const withThird = (sum: number) => 1 - sum / Math.hypot(sum, 5)
  expect(made.after).toBeCloseTo((withThird(3) + withThird(2) + 1) / 3, 12)
  expect(unseenDistance(parts, null)!.before).toBeNull()
})

test('one submission has nothing to be measured against', () => {
  expect(unseenDistance([[1, 2]], [1, 0])).toBeNull()
})
