import { ADAM_8BIT_BLOCK } from '../ops/adam-8bit/adam-8bit.ts'

/** Moments of a run of values in the code of adam-8bit.ts; scales hold the largest |m| and the largest v of each block. */
export interface MomentCodes {
  readonly m: Uint8Array<ArrayBuffer>
  readonly v: Uint8Array<ArrayBuffer>
  readonly scales: Float32Array<ArrayBuffer>
}

const mLevels = Float64Array.from({ length: 128 }, (_, code) => (code / 127) ** 3)
const vLevels = Float64Array.from({ length: 256 }, (_, code) => (code / 255) ** 6)

/**
 * The nearest codes. What decodeMoments gave comes back as the codes that it was made from: the largest of a block is
 * stored whole, and levels are further apart than f32 rounds.
 */
export function encodeMoments(m: Float32Array, v: Float32Array): MomentCodes {
  const blocks = Math.ceil(m.length / ADAM_8BIT_BLOCK)
  const codes = {
    m: new Uint8Array(m.length),
    v: new Uint8Array(v.length),
    scales: new Float32Array(2 * blocks),
  }
  for (let block = 0; block < blocks; block += 1) {
    const first = block * ADAM_8BIT_BLOCK
    const last = Math.min(first + ADAM_8BIT_BLOCK, m.length)
    let [largestM, largestV] = [0, 0]
    for (let i = first; i < last; i += 1) {
      largestM = Math.max(largestM, Math.abs(m[i]!))
      largestV = Math.max(largestV, v[i]!)
    }
    codes.scales.set([largestM, largestV], 2 * block)
    for (let i = first; i < last; i += 1) {
      const level = nearest(Math.abs(m[i]!) / (largestM || 1), mLevels, 1 / 3)
      codes.m[i] = m[i]! < 0 && level > 0 ? level | 128 : level
      // A v above 0 keeps a code above 0, because Adam divides by it.
      codes.v[i] = Math.max(nearest(v[i]! / (largestV || 1), vLevels, 1 / 6), v[i]! > 0 ? 1 : 0)
    }
  }
  return codes
}

/** Values first .. first + count - 1; `codes.scales` begins with the block of value 0. */
export function decodeMoments(codes: MomentCodes, first: number, count: number) {
  const m = new Float32Array(count)
  const v = new Float32Array(count)
  for (let i = 0; i < count; i += 1) {
    const block = Math.floor((first + i) / ADAM_8BIT_BLOCK)
    const code = codes.m[i]!
    const level = mLevels[code & 127]! * codes.scales[2 * block]!
    m[i] = code & 128 ? -level : level
    v[i] = vLevels[codes.v[i]!]! * codes.scales[2 * block + 1]!
  }
  return { m, v }
}

function nearest(x: number, levels: Float64Array, root: number): number {
  const below = Math.min(Math.floor(x ** root * (levels.length - 1)), levels.length - 2)
  return x - levels[below]! > levels[below + 1]! - x ? below + 1 : below
}
