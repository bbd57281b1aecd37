import { StandardRng } from './standard-rng.ts'

/**
 * `count` values of the network's `uniform_array(seed, shape, min, max)` in row-major order, bit for bit: 23
 * random mantissa bits, then scaled in f32. Source: protocol 8.6, item 4.
 */
export function uniformArray(seed: bigint, count: number, min = 0, max = 1): Float32Array {
  const rng = new StandardRng(seed)
  const values = new Float32Array(count)
  const low = Math.fround(min)
  const range = Math.fround(Math.fround(max) - low)
  for (let index = 0; index < count; index += 1) {
    values[index] = Math.fround((rng.word() >>> 9) * 2 ** -23 * range) + low
  }
  return values
}
