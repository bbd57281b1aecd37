import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { philoxSite } from '../../philox.ts'
import { ropeAngles } from '../../rope-angles.ts'
import { dropoutMaskCpu } from '../dropout/dropout.cpu.ts'
import { openTestDevice, testValues, worstDifference } from '../test-device.ts'
import { attentionCpu } from './attention.cpu.ts'
import { attention, attentionGrad } from './attention.ts'

const stream = { seed: 7, step: 3, microBatch: 1, layer: 2, site: philoxSite.attention }
// rows, heads, sequence, headDim, dropout
const cases = [
  [1, 1, 1, 2, 0],
  [2, 2, 3, 4, 0.4],
  [2, 3, 17, 6, 0],
  [1, 2, 127, 8, 0.2],
  [1, 1, 129, 16, 0],
  [1, 1, 9, 20, 0],
  [1, 1, 6, 40, 0.2],
  [1, 1, 7, 256, 0.1],
] as const

test.each(cases)(
  '%i rows, %i heads, sequence %i, head dim %i, dropout %d',
  async (rows, heads, sequence, headDim, rate) => {
    const device = await openTestDevice()
    const [shape, n, dim] = [{ rows, heads, sequence }, rows * sequence, heads * headDim]
    const angles = ropeAngles(
      Array.from({ length: sequence }, (_, i) => 3 * i),
      headDim,
    )
    const tables = (values: Float32Array) => tf.tensor3d(values, [1, sequence, headDim / 2])
    const rope = { cos: tables(angles.cos), sin: tables(angles.sin) }
    const dropout = rate > 0 ? { rate, stream } : undefined
    const inputs = [1, 2, 3, 4].map((seed) => testValues(n * dim, seed, 2))
    const [query, key, value, dy] = inputs.map((values) => tf.tensor2d(values, [n, dim])) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ]
    const saved = attention(device, query, key, value, rope, shape, dropout)
    const grads = attentionGrad(device, saved, dy, rope, shape, dropout)

    const expected = {
      y: new Float64Array(n * dim),
      dq: new Float64Array(n * dim),
      dk: new Float64Array(n * dim),
      dv: new Float64Array(n * dim),
    }
    for (let row = 0; row < rows; row += 1) {
      for (let head = 0; head < heads; head += 1) {
        const place = (i: number, c: number) => ((row * sequence + i) * heads + head) * headDim + c
        const take = (values: ArrayLike<number>, turn: number) =>
          rotated(
            Float64Array.from(
              { length: sequence * headDim },
              (_, at) => values[place(Math.floor(at / headDim), at % headDim)]!,
            ),
            angles,
            headDim,
            turn,
          )
        const [q, k, v, g] = inputs.map((values, index) => take(values, index < 2 ? 1 : 0)) as [
          Float64Array,
          Float64Array,
          Float64Array,
          Float64Array,
        ]
        const mask = (i: number, j: number) =>
          dropout ? dropoutMaskCpu(dropout, row, (head * 1024 + i) * 1024 + j, 1)[0]! : 1
        const twin = attentionCpu([q, k, v, g], headDim, mask)
        const turns = { y: 0, dq: -1, dk: -1, dv: 0 }
        for (const name of ['y', 'dq', 'dk', 'dv'] as const) {
          rotated(twin[name], angles, headDim, turns[name]).forEach((entry, at) => {
            expected[name][place(Math.floor(at / headDim), at % headDim)] = entry
          })
        }
      }
    }
    expect(await worstDifference(saved.y, expected.y)).toBeLessThan(2e-6)
    expect(await worstDifference(grads.dquery, expected.dq)).toBeLessThan(5e-6)
    expect(await worstDifference(grads.dkey, expected.dk)).toBeLessThan(5e-6)
    expect(await worstDifference(grads.dvalue, expected.dv)).toBeLessThan(5e-6)
    device.gpu.assertHealthy()
  },
)

/** Half-split rotation by the angles of each position, times `turn` (1, -1 or 0). */
function rotated(
  x: Float64Array,
  angles: { cos: Float32Array; sin: Float32Array },
  headDim: number,
  turn: number,
): Float64Array {
  if (turn === 0) return x
  const half = headDim / 2
  return x.map((value, at) => {
    const [position, c] = [Math.floor(at / headDim), at % headDim]
    const angle = position * half + (c % half)
    const other = x[c < half ? at + half : at - half]!
    return value * angles.cos[angle]! + (c < half ? -1 : 1) * turn * other * angles.sin[angle]!
  })
}
