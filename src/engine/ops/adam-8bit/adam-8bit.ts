import { defineKernel } from '../../../gpu/kernel.ts'
import { adamParams } from '../adam/adam-params.ts'
import groupReduceWgsl from '../wgsl/group-reduce.wgsl?raw'
import philoxWgsl from '../wgsl/philox.wgsl?raw'
import adam8bitWgsl from './adam-8bit.wgsl?raw'

/** Values that share a scale of each moment. */
export const ADAM_8BIT_BLOCK = 256

/**
 * Adam in place over `size` values (a multiple of 4) with both moments in 8 bits; opt-in, not bit-equal to Adam. Block-wise
 * as in Dettmers et al., "8-bit optimizers via block-wise quantization" (2021), with power-law levels of our own:
 *   m = M * sign * (code / 127)^3     M the largest |m| of the block; bit 7 of a byte is the sign
 *   v = V * (code / 255)^6            V the largest v of the block
 * so that m and sqrt(v) are both resolved by cubes. A value between two levels takes one of them by a Philox draw (low half
 * of a word for m, high half for v; counter (index / 4, slice, 0, place), key (seed, step)) such that its mean is exact: v
 * changes by a thousandth a step, and rounded to the nearest it would not follow a gradient that shrinks. A v above 0 has
 * at least code 1, because Adam divides by it.
 *
 * Bindings: m and v hold four codes a u32, scales [ceil(size / 256)] is (M, V); all zero at the start. `gradient_scale` [1],
 * where there is one, multiplies the gradient. threads: adam8bitThreads(size).
 */
export const adam8bitKernel = defineKernel({
  name: 'adam-8bit',
  source: adam8bitWgsl,
  includes: [philoxWgsl, groupReduceWgsl],
  bindings: {
    gradient: 'read vec4f',
    gradient_scale: 'read f32',
    value: 'update vec4f',
    m: 'update u32',
    v: 'update u32',
    scales: 'update vec2f',
  },
  params: {
    size: 'u32',
    slice: 'u32',
    place: 'u32',
    seed: 'u32',
    step: 'u32',
    ...adamParams,
  },
  unit: 'group',
})

/** A part of every call's constants. */
export const adam8bitConstants = { WORKGROUP: ADAM_8BIT_BLOCK / 4 } as const

export function adam8bitThreads(size: number): number {
  return (Math.ceil(size / ADAM_8BIT_BLOCK) * ADAM_8BIT_BLOCK) / 4
}
