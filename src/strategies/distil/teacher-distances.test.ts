import { expect, test } from 'vitest'
import { PAD } from '../../tokenizer/encode-window.ts'
import { type Outlook, teacherDistances } from './teacher-distances.ts'

const outlook = (embedding: readonly number[], ...rows: readonly (readonly number[])[]): Outlook => ({
  embedding: Float64Array.from(embedding),
  probabilities: [Float32Array.from(rows.flat())],
})
// Two predictions over two tokens, the second of them for PAD.
const batch = {
  tokens: Int32Array.of(7, PAD),
  targets: Int32Array.of(8, PAD),
  rows: 1,
  sequence: 2,
}
const anything = [0.9, 0.1]

test('a model is as far from each teacher, and from the mean of all by weight, as worked out by hand', () => {
  const first = { ...outlook([1, 0], [0.5, 0.5], anything), weight: 1 }
  const second = { ...outlook([0, 1], [1, 0], [0.1, 0.9]), weight: 3 }
  const found = teacherDistances(outlook([2, 2], [0.25, 0.75], [0.5, 0.5]), [first, second], [batch])
  const half = 1 - Math.SQRT1_2
  expect(found.teachers[0]!.embedding).toBeCloseTo(half, 12)
  expect(found.teachers[1]!.embedding).toBeCloseTo(half, 12)
  expect(found.teachers[0]!.predictions).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 6)
  expect(found.teachers[1]!.predictions).toBeCloseTo(Math.log(4), 6)
  // Mean: (0.25, 0.75), and 7 to 1 for the first token.
  expect(found.mean.embedding).toBeCloseTo(1 - 2 / Math.sqrt(8 * 0.625), 12)
  const [p, q] = [0.875, 0.125]
  expect(found.mean.predictions).toBeCloseTo(p * Math.log(p / 0.25) + q * Math.log(q / 0.75), 6)
})

test('an engine that gives out no predictions leaves the divergence open', () => {
  const silent = { ...outlook([1, 0]), probabilities: null }
  const found = teacherDistances(outlook([1, 0], anything, anything), [{ ...silent, weight: 1 }], [batch])
  expect(found).toEqual({
    teachers: [{ embedding: 0, predictions: null }],
    mean: { embedding: 0, predictions: null },
  })
})
