import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { GoldenTensors, maxDifference, relativeDifference } from '../../test/golden-tensors.ts'
import { SIGREG_COEFFICIENT } from '../model/model-config.ts'
import { attend, feedForward } from './forward.ts'
import type { RopeTables } from './model-ops.ts'
import { rotate } from './plain-attention.ts'
import { plainGelu } from './plain-gelu.ts'
import { createPlainOps } from './plain-ops.ts'
import { plainSigreg } from './plain-sigreg.ts'
import { ropeAngles } from './rope-angles.ts'

/** golden README, "Tolerances": f32 on a CPU. */
const VALUE = 1e-5
const GRADIENT = 1e-5

const [ROWS, SEQUENCE, DIM, HEADS] = [2, 12, 16, 4]
const golden = await GoldenTensors.load('units/blocks.safetensors')
const tensor = (name: string) => tf.tensor(golden.f32(name), [...golden.tensor(name).shape])
const rowsOf = (name: string) => tf.tensor2d(golden.f32(name), [ROWS * SEQUENCE, DIM])
let ops: ReturnType<typeof createPlainOps>
let rope: RopeTables

beforeAll(async () => {
  await tf.setBackend('cpu')
  ops = createPlainOps()
  const { cos, sin } = ropeAngles(golden.i32('positions'), DIM / HEADS)
  const shape: [number, number, number] = [ROWS, SEQUENCE, DIM / HEADS / 2]
  rope = { cos: tf.tensor3d(cos, shape), sin: tf.tensor3d(sin, shape) }
})

/** y, dx and the gradient of every parameter of one block against the golden file. */
function checkBlock(
  block: string,
  names: readonly string[],
  run: (x: tf.Tensor, parameters: Map<string, tf.Tensor>) => tf.Tensor,
) {
  const x = block === 'rope' || block.startsWith('sigreg') ? tensor(`${block}.x`) : rowsOf(`${block}.x`)
  const parameters = names.map((name) => tensor(`${block}.param.${name}`))
  const named = () => new Map(names.map((name, index) => [name, parameters[index]!]))
  const y = run(x, named())
  expect(maxDifference(y.dataSync(), golden.f32(`${block}.y`)), 'y').toBeLessThanOrEqual(VALUE)
  const dy = tf.tensor(golden.f32(`${block}.dy`), y.shape)
  const [dx, ...dparameters] = tf.grads((first, ...rest) =>
    run(first!, new Map(names.map((name, index) => [name, rest[index]!]))),
  )([x, ...parameters], dy)
  expect(relativeDifference(dx!.dataSync(), golden.f32(`${block}.dx`)), 'dx').toBeLessThanOrEqual(GRADIENT)
  for (const [index, name] of names.entries()) {
    const difference = relativeDifference(
      dparameters[index]!.dataSync(),
      golden.f32(`${block}.dparam.${name}`),
    )
    expect(difference, name).toBeLessThanOrEqual(GRADIENT)
  }
}

const linearNames = (...parts: string[]) => parts.flatMap((part) => [`${part}.weight`, `${part}.bias`])

describe('blocks of the package', () => {
  it('rope with global positions', () => {
    checkBlock('rope', [], (x) =>
      rotate(x.transpose([0, 2, 1, 3]) as tf.Tensor4D, rope).transpose([0, 2, 1, 3]),
    )
  })

  it('attention', () => {
    checkBlock('attention', linearNames('query', 'key', 'value', 'output'), (x, parameters) =>
      attend(
        ops,
        (name) => parameters.get(name.replace('layer.attention.', ''))!,
        'layer',
        x as tf.Tensor2D,
        rope,
        {
          rows: ROWS,
          sequence: SEQUENCE,
          heads: HEADS,
        },
      ),
    )
  })

  it('feed-forward', () => {
    checkBlock('pwff', linearNames('linear_inner', 'linear_outer'), (x, parameters) =>
      feedForward(
        ops,
        (name) => parameters.get(name.replace('layer.pwff.', ''))!,
        'layer',
        x as tf.Tensor2D,
        ROWS,
      ),
    )
  })

  it('layer norm', () => {
    checkBlock('layer_norm', ['gamma', 'beta'], (x, parameters) =>
      ops.layerNorm(
        x as tf.Tensor2D,
        parameters.get('gamma') as tf.Tensor1D,
        parameters.get('beta') as tf.Tensor1D,
      ),
    )
  })

  it.each([
    ['sigreg17', 17],
    ['sigreg5', 5],
  ] as const)('%s', (block, points) => {
    const noise = tensor(`${block}.noise`) as tf.Tensor2D
    checkBlock(block, [], (x) => {
      const rows = x.reshape([-1, noise.shape[0]]) as tf.Tensor2D
      return plainSigreg(rows, noise, SIGREG_COEFFICIENT, points).reshape([1])
    })
  })

  it('gelu, closer to the exact value than the package itself', () => {
    const x = golden.f32('gelu.x')
    const y = plainGelu(tensor('gelu.x').expandDims(1) as tf.Tensor2D).dataSync()
    expect(maxDifference(y, golden.f32('gelu.y'))).toBeLessThanOrEqual(VALUE)
    const exact = Array.from(x, (value) => (value * complementaryErf(-value / Math.SQRT2)) / 2)
    const worst = exact.map((value, index) => Math.abs(y[index]! - value) / Math.max(1, Math.abs(value)))
    expect(Math.max(...worst)).toBeLessThanOrEqual(2 ** -23)
  })
})

/** erfc in f64: the power series near 0, the continued fraction further out. */
function complementaryErf(x: number): number {
  if (x < 0) return 2 - complementaryErf(-x)
  if (x > 3) {
    let fraction = 0
    for (let k = 80; k > 0; k -= 1) fraction = k / 2 / (x + fraction)
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction)
  }
  let term = x
  let sum = 0
  for (let n = 0; n < 120; n += 1) {
    sum += term / (2 * n + 1)
    term *= (-x * x) / (n + 1)
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * sum
}
