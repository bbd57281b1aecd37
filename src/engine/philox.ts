import { MAX_SEQUENCE } from '../model/model-config.ts'

/**
 * The one source of training randomness: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3", 2011), a pure function of where a number is used. Masks and noise are therefore never stored, are the
 * same when recomputed and after a resume, and do not depend on the device or on the schedule.
 *
 * Layout, shared with the WGSL twin:
 *   key     = (seed, step)                                  step is 1 for the first optimizer step
 *   counter = (index >> 2, row, microBatch, layer << 8 | site)
 *   word    = output[index & 3]
 * `row` is the number of the sequence within its micro-batch (0 for noise), `index` the place within it:
 *   attention   (head * 1024 + query) * 1024 + key          the stride is fixed so that 4 keys share a block
 *   ffn         position * ffn + unit
 *   residuals   position * dim + unit
 *   noise       unit * 256 + slice                          layer 0
 *   sample      number of the byte that is drawn            layer 0, microBatch 0, step 0
 *   moments     place in the parameter slice, row its number    layer 0, microBatch 0 (rounding of 8-bit moments)
 * A value is dropped where word < floor(rate * 2^32), and multiplied by 1 / (1 - rate) where it is kept.
 */
export const philoxSite = {
  attention: 0,
  attentionResidual: 1,
  ffn: 2,
  ffnResidual: 3,
  noise: 4,
  sample: 5,
  moments: 6,
} as const
export type PhiloxSite = (typeof philoxSite)[keyof typeof philoxSite]

/** What keys a stream, without the row and index within it. */
export interface PhiloxStream {
  readonly seed: number
  readonly step: number
  readonly microBatch: number
  readonly layer: number
  readonly site: PhiloxSite
}

const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const WEYL_0 = 0x9e3779b9
const WEYL_1 = 0xbb67ae85
const ROUNDS = 10

/** High 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carried = aLow * bHigh + (middle % 0x10000)
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000)) >>> 0
}

/** One block of four words, written into `out` as unsigned 32-bit integers. */
export function philoxBlock(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0 >>> 0)
    const low0 = Math.imul(MULTIPLIER_0, c0)
    const high1 = multiplyHigh(MULTIPLIER_1, c2 >>> 0)
    const low1 = Math.imul(MULTIPLIER_1, c2)
    c0 = high1 ^ c1 ^ k0
    c1 = low1
    c2 = high0 ^ c3 ^ k1
    c3 = low0
    k0 = (k0 + WEYL_0) | 0
    k1 = (k1 + WEYL_1) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
}

/** `count` words of a stream from `index` on, for one row. */
export function philoxWords(stream: PhiloxStream, row: number, index: number, count: number): Uint32Array {
  const words = new Uint32Array(count)
  const block = new Uint32Array(4)
  const key = [stream.seed, stream.step] as const
  const last = (stream.layer << 8) | stream.site
  let filled = -1
  for (let place = 0; place < count; place += 1) {
    const number = Math.floor((index + place) / 4)
    if (number !== filled) philoxBlock([number, row, stream.microBatch, last], key, block)
    filled = number
    words[place] = block[(index + place) & 3]!
  }
  return words
}

/** First index of the attention probabilities of one query. */
export function attentionIndex(head: number, query: number): number {
  return (head * MAX_SEQUENCE + query) * MAX_SEQUENCE
}

/** Words below this number mean "dropped". */
export function dropThreshold(rate: number): number {
  return Math.floor(rate * 2 ** 32)
}

const CENTRE = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 2.1858087e-4, -1.25372503e-3, -4.17768164e-3,
  0.246640727, 1.50140941,
]
const TAIL = [
  -2.00214257e-4, 1.00950558e-4, 1.34934322e-3, -3.67342844e-3, 5.73950773e-3, -7.6224613e-3, 9.43887047e-3,
  1.00167406, 2.83297682,
]

/**
 * A standard normal value from one word: sqrt(2) * erfinv(u), u = (2 * (word >> 8) + 1) / 2^24 - 1. The inverse
 * is the single-precision polynomial of Giles, "Approximating the erfinv function" (2011): no sine or cosine.
 * A device takes its logarithm from a polynomial too, so results agree with this f64 twin to about 1e-6.
 */
export function normalFromWord(word: number): number {
  const u = (2 * (word >>> 8) + 1) / 2 ** 24 - 1
  const w = -Math.log((1 - u) * (1 + u))
  const [x, coefficients] = w < 5 ? [w - 2.5, CENTRE] : [Math.sqrt(w) - 3, TAIL]
  return Math.SQRT2 * u * coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}
