import { expect, test } from 'vitest'
import { decodeMoments, encodeMoments } from './moment-codes.ts'

const m = Float32Array.from({ length: 700 }, (_, i) => Math.sin(i * 1.7) * 10 ** -(i % 9))
const v = m.map((value, i) => (i % 50 === 0 ? 0 : value * value))

test('decoded moments are near what was encoded, the largest of each block exactly', () => {
  const decoded = decodeMoments(encodeMoments(m, v), 0, m.length)
  for (let first = 0; first < m.length; first += 256) {
    const block = <T extends Float32Array>(values: T) => values.subarray(first, first + 256)
    const [top, topV] = [Math.max(...block(m).map(Math.abs)), Math.max(...block(v))]
    expect(Math.max(...block(decoded.m).map(Math.abs))).toBe(top)
    expect(Math.max(...block(decoded.v))).toBe(topV)
    // Half of the widest gap between levels: 3 / 127 of the largest for cubes, 6 / 255 for sixth powers.
    block(decoded.m).forEach((value, i) => {
      expect(Math.abs(value - block(m)[i]!)).toBeLessThanOrEqual((1.5 / 127) * top)
      expect(Math.abs(block(decoded.v)[i]! - block(v)[i]!)).toBeLessThanOrEqual((3 / 255) * topV)
    })
  }
  expect(decoded.v.every((value, i) => value > 0 === v[i]! > 0)).toBe(true)
})

test('decoding and encoding again gives the same codes, so that a checkpoint in f32 loses nothing', () => {
  const codes = encodeMoments(m, v)
  const decoded = decodeMoments(codes, 0, m.length)
  expect(encodeMoments(decoded.m, decoded.v)).toEqual(codes)
})
