import { StandardRng } from './standard-rng.ts'
import { ZIGGURAT_R, zigguratF, zigguratX } from './ziggurat-tables.ts'

/**
 * `count` values of the network's `normal_array(seed, shape, mean, std)` in row-major order, bit for bit: sampled
 * in f64, rounded to f32, then scaled in f32. Source: protocol 8.6, items 5 and 6.
 */
export function normalArray(seed: bigint, count: number, mean = 0, std = 1): Float32Array {
  const rng = new StandardRng(seed)
  const values = new Float32Array(count)
  const [mean32, std32] = [Math.fround(mean), Math.fround(std)]
  for (let index = 0; index < count; index += 1) {
    values[index] = mean32 + Math.fround(std32 * Math.fround(sample(rng)))
  }
  return values
}

function sample(rng: StandardRng): number {
  for (;;) {
    const low = rng.word()
    const high = rng.word()
    const layer = low & 0xff
    // 52 mantissa bits with exponent 1: [2, 4), then moved to [-1, 1).
    const u = mantissa52(low, high) * 2 - 1
    const x = u * zigguratX[layer]!
    if (Math.abs(x) < zigguratX[layer + 1]!) return x
    if (layer === 0) return tail(rng, u)
    const above = zigguratF[layer + 1]!
    if (above + (zigguratF[layer]! - above) * unit53(rng) < Math.exp((-x * x) / 2)) return x
  }
}

function tail(rng: StandardRng, u: number): number {
  let a = 1
  let b = 0
  while (-2 * b < a * a) {
    a = Math.log(openUnit(rng)) / ZIGGURAT_R
    b = Math.log(openUnit(rng))
  }
  return u < 0 ? a - ZIGGURAT_R : ZIGGURAT_R - a
}

/** The upper 52 bits of a 64-bit draw as a fraction in [0, 1), exact. */
function mantissa52(low: number, high: number): number {
  return high * 2 ** -32 + (low >>> 12) * 2 ** -52
}

/** [0, 1) with 53 bits. */
function unit53(rng: StandardRng): number {
  const low = rng.word()
  return rng.word() * 2 ** -32 + (low >>> 11) * 2 ** -53
}

/** (0, 1): half a step above each multiple of 2^-52. */
function openUnit(rng: StandardRng): number {
  const low = rng.word()
  return mantissa52(low, rng.word()) + 2 ** -53
}
