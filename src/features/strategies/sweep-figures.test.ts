import { expect, test } from 'vitest'
import { sweepFigures } from './sweep-figures.ts'

const points = [
  { beta: 0, losses: { mine: 1, network: 5 } },
  { beta: 0.3, losses: { mine: 1.5, network: 2 } },
  { beta: 0.6, losses: { mine: 3, network: 1.5 } },
  { beta: 1, losses: { mine: 6, network: 1 } },
]

test('a sweep is told by its ends, its middle and its best blend, also on the mean of both data', () => {
  expect(sweepFigures(points, ['mine', 'network'])).toEqual([
    { name: 'mine', mine: 1, theirs: 6, halfway: 3, blend: { beta: 0.3, loss: 1.5 } },
    { name: 'network', mine: 5, theirs: 1, halfway: 1.5, blend: { beta: 0.6, loss: 1.5 } },
    // Neither alone is below both ends; their mean is.
    { name: 'the mean of both', mine: 3, theirs: 3.5, halfway: 2.25, blend: { beta: 0.3, loss: 1.75 } },
  ])
  expect(sweepFigures(points, ['mine'])).toHaveLength(1)
})
