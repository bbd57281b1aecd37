import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { goldenJson, maxDifference, relativeDifference } from '../../test/golden-tensors.ts'
import { normalArray } from '../arrgen/normal-array.ts'
import { uniformArray } from '../arrgen/uniform-array.ts'
import { attend, encode, encoderLayer, feedForward, predict } from './forward.ts'
import { rotate } from './plain-attention.ts'
import { createPlainOps } from './plain-ops.ts'
import { plainSigreg } from './plain-sigreg.ts'
import { ropeAngles } from './rope-angles.ts'

/** Of the largest value of the result; upstream's own tests allow 0.5 %. */
const TOLERANCE = 1e-5

/** [distribution, seed, shape], or ones. */
type Drawn = readonly ['normal' | 'uniform', number, number[]] | 'ones'
type Nested = number | readonly Nested[]
interface Upstream {
  sigreg: { x: Drawn; noise: Drawn; points: number; expected: number }[]
  layer_norm: { gamma: Drawn; beta: Drawn; x: Drawn; expected: number[] }[]
  linear: { w: Drawn; b: Drawn; x: Drawn; expected: number[] }[]
  pwff: { seed: number; x: Drawn; expected: Nested }[]
  rope: { expected: Nested }[]
  attention: Record<'42' | '80', Nested>
  encoder: Record<'42' | '90' | '100', Nested>
  model_42: { encode: Nested; predict: Nested }
}

const { upstream } = await goldenJson<{ upstream: Upstream }>('protocol/vectors.json')
const [DIM, FFN, HEADS, SEQUENCE] = [4, 8, 2, 4]

beforeAll(() => tf.setBackend('cpu'))

const flat = (values: Nested): number[] => (typeof values === 'number' ? [values] : values.flatMap(flat))
const normal = (seed: number, shape: number[]) => tf.tensor(normalArray(BigInt(seed), size(shape)), shape)
const size = (shape: number[]) => shape.reduce((product, length) => product * length, 1)

function drawn(array: Drawn, width: number): tf.Tensor {
  if (array === 'ones') return tf.ones([1, width])
  const [kind, seed, shape] = array
  return tf.tensor((kind === 'normal' ? normalArray : uniformArray)(BigInt(seed), size(shape)), shape)
}
const matrix = (array: Drawn, width: number) => drawn(array, width).reshape([-1, width]) as tf.Tensor2D
const vector = (array: Drawn, width: number) => drawn(array, width).flatten() as tf.Tensor1D

function check(actual: tf.Tensor, expected: Nested): void {
  expect(relativeDifference(actual.dataSync(), flat(expected))).toBeLessThanOrEqual(TOLERANCE)
}

/** Tables for positions 0..3. */
function rope(headDim: number, positions = [0, 1, 2, 3]) {
  const { cos, sin } = ropeAngles(positions, headDim)
  const shape: [number, number, number] = [1, positions.length, headDim / 2]
  return { cos: tf.tensor3d(cos, shape), sin: tf.tensor3d(sin, shape) }
}

/** Weights by upstream's rule: a layer's tensors in this order have the seeds seed + layer + 1, + 2, ... */
function parameters(seed: number, vocab: number): (name: string) => tf.Tensor {
  const parts: [string, number[]][] = [
    ['norm_1.gamma', [DIM]],
    ['norm_1.beta', [DIM]],
    ...['query', 'key', 'value', 'output'].flatMap((part): [string, number[]][] => [
      [`attention.${part}.weight`, [DIM, DIM]],
      [`attention.${part}.bias`, [DIM]],
    ]),
    ['norm_2.gamma', [DIM]],
    ['norm_2.beta', [DIM]],
    ['pwff.linear_inner.weight', [DIM, FFN]],
    ['pwff.linear_inner.bias', [FFN]],
    ['pwff.linear_outer.weight', [FFN, DIM]],
    ['pwff.linear_outer.bias', [DIM]],
  ]
  const outside: Record<string, [number, number[]]> = {
    'final_norm.gamma': [100, [DIM]],
    'final_norm.beta': [200, [DIM]],
    'embedding.weight': [250, [vocab, DIM]],
    'predictor.weight': [300, [DIM, vocab]],
    'predictor.bias': [400, [vocab]],
  }
  return (name) => {
    const direct = outside[name]
    if (direct) return normal(seed + direct[0], direct[1])
    const [, layer, rest] = /^encoder\.layers\.(\d+)\.(.*)$/.exec(name)!
    const place = parts.findIndex(([part]) => part === rest)
    return normal(seed + Number(layer) + 1 + place, parts[place]![1])
  }
}

const config = (layers: number, vocab: number) => ({
  name: 'test',
  dim: DIM,
  ffn: FFN,
  layers,
  heads: HEADS,
  vocab,
})
const tokens = () => tf.tensor1d([0, 1, 2, 3], 'int32')

describe('numbers of the network own tests', () => {
  it.each(upstream.sigreg)('sigreg of $x', ({ x, noise, points, expected }) => {
    const columns = drawn(noise, 0) as tf.Tensor2D
    const value = plainSigreg(matrix(x, columns.shape[0]), columns, 1, points)
    check(value, expected)
  })

  it('layer norm and linear', () => {
    const ops = createPlainOps()
    for (const { gamma, beta, x, expected } of upstream.layer_norm) {
      check(ops.layerNorm(matrix(x, 4), vector(gamma, 4), vector(beta, 4)), expected)
    }
    for (const { w, b, x, expected } of upstream.linear) {
      check(ops.linear(matrix(x, 2), matrix(w, 4), vector(b, 4)), expected)
    }
  })

  it('feed-forward', () => {
    for (const { seed, x, expected } of upstream.pwff) {
      const shapes = [[4, 2], [2], [2, 4], [4]]
      const names = ['inner.weight', 'inner.bias', 'outer.weight', 'outer.bias'].map(
        (name) => `l.pwff.linear_${name}`,
      )
      const weight = (name: string) => normal(seed + 1 + names.indexOf(name), shapes[names.indexOf(name)]!)
      check(feedForward(createPlainOps(), weight, 'l', matrix(x, 4), 1), expected)
    }
  })

  it('rope', () => {
    const x = normal(70, [2, SEQUENCE, 2, 4]).transpose([0, 2, 1, 3]) as tf.Tensor4D
    check(rotate(x, rope(4)).transpose([0, 2, 1, 3]), upstream.rope[1]!.expected)
    check(rotate(tf.ones([1, 1, 1, 2]), rope(2, [1])), upstream.rope[0]!.expected)
  })

  it('attention', () => {
    const parts = ['query', 'key', 'value', 'output'].flatMap((part) => [`${part}.weight`, `${part}.bias`])
    for (const [seed, rows] of [
      [42, 1],
      [80, 2],
    ] as const) {
      const weight = (name: string) => {
        const place = parts.indexOf(name.replace('l.attention.', ''))
        return normal(seed + 1 + place, place % 2 === 0 ? [DIM, DIM] : [DIM])
      }
      const x = normal(seed + 9, [rows * SEQUENCE, DIM]) as tf.Tensor2D
      const y = attend(createPlainOps(), weight, 'l', x, rope(2), { rows, sequence: SEQUENCE, heads: HEADS })
      check(y, upstream.attention[`${seed}`])
    }
  })

  it('encoder', () => {
    for (const [seed, layers, rows, xSeed] of [
      [42, 2, 1, 142],
      [90, 2, 1, 290],
      [100, 1, 2, 300],
    ] as const) {
      let x = normal(xSeed, [rows * SEQUENCE, DIM]) as tf.Tensor2D
      const input = { tokens: tokens(), rope: rope(2), rows, sequence: SEQUENCE }
      for (let layer = 0; layer < layers; layer += 1) {
        x = encoderLayer(createPlainOps(), config(layers, 4), parameters(seed, 4), input, x, layer)
      }
      check(x, upstream.encoder[`${seed}`])
    }
  })

  it('whole model', () => {
    const input = { tokens: tokens(), rope: rope(2), rows: 1, sequence: SEQUENCE }
    const hidden = encode(createPlainOps(), config(2, 4), parameters(42, 4), input)
    expect(maxDifference(hidden.dataSync(), flat(upstream.model_42.encode))).toBeLessThanOrEqual(TOLERANCE)
    check(predict(createPlainOps(), parameters(42, 4), hidden), upstream.model_42.predict)
  })
})
