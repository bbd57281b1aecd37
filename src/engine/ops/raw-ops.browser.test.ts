import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { GoldenTensors, maxDifference, relativeDifference } from '../../../test/golden-tensors.ts'
import type { TfjsDevice } from '../../gpu/tfjs-device.ts'
import { SIGREG_COEFFICIENT, small } from '../../model/model-config.ts'
import { createTapeEngine } from '../create-tape-engine.ts'
import { attend, feedForward } from '../forward.ts'
import type { ModelOps, RopeTables } from '../model-ops.ts'
import { type PhiloxSite, philoxSite } from '../philox.ts'
import { createPlainOps } from '../plain-ops.ts'
import { ropeAngles } from '../rope-angles.ts'
import { createRawOps, rawSigreg } from './raw-ops.ts'
import { openTestDevice, testValues } from './test-device.ts'

/** golden README, "Tolerances": f32 on a GPU. */
const VALUE = 5e-5
const GRADIENT = 1e-4

let device: TfjsDevice
let raw: ModelOps
let golden: GoldenTensors
beforeAll(async () => {
  device = await openTestDevice()
  raw = createRawOps(device)
  golden = await GoldenTensors.load('units/blocks.safetensors')
})

type Run = (...inputs: tf.Tensor[]) => tf.Tensor

/** Result of `run` and the gradients of sum(result * dy) for every input. */
async function withGradients(run: Run, inputs: tf.Tensor[], dy: tf.Tensor): Promise<Float32Array[]> {
  const tensors = [run(...inputs), ...tf.grads((...args) => run(...(args as tf.Tensor[])))(inputs, dy)]
  return Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>))
}

describe('blocks of the package on the device', () => {
  const [rows, sequence, dim, heads] = [2, 12, 16, 4]
  const tensor = (name: string) => tf.tensor(golden.f32(name), [...golden.tensor(name).shape])

  async function checkBlock(block: string, names: readonly string[], x: tf.Tensor, run: Run): Promise<void> {
    const parameters = names.map((name) => tensor(`${block}.param.${name}`))
    const dy = tf.tensor(golden.f32(`${block}.dy`), run(x, ...parameters).shape)
    const [y, dx, ...gradients] = await withGradients(run, [x, ...parameters], dy)
    expect(maxDifference(y!, golden.f32(`${block}.y`)), 'y').toBeLessThanOrEqual(VALUE)
    expect(relativeDifference(dx!, golden.f32(`${block}.dx`)), 'dx').toBeLessThanOrEqual(GRADIENT)
    for (const [index, name] of names.entries()) {
      const expected = golden.f32(`${block}.dparam.${name}`)
      expect(relativeDifference(gradients[index]!, expected), name).toBeLessThanOrEqual(GRADIENT)
    }
  }

  const rowsOf = (name: string) => tf.tensor2d(golden.f32(name), [rows * sequence, dim])
  const named = (names: readonly string[], prefix: string, inputs: tf.Tensor[]) => (name: string) =>
    inputs[names.indexOf(name.replace(prefix, ''))]!

  it('attention with global positions, repeats at the end', async () => {
    const names = ['query', 'key', 'value', 'output'].flatMap((part) => [`${part}.weight`, `${part}.bias`])
    const { cos, sin } = ropeAngles(golden.i32('positions'), dim / heads)
    const shape: [number, number, number] = [rows, sequence, dim / heads / 2]
    const rope = { cos: tf.tensor3d(cos, shape), sin: tf.tensor3d(sin, shape) }
    await checkBlock('attention', names, rowsOf('attention.x'), (x, ...inputs) =>
      attend(raw, named(names, 'layer.attention.', inputs), 'layer', x as tf.Tensor2D, rope, {
        rows,
        sequence,
        heads,
      }),
    )
  })

  it('feed-forward', async () => {
    const names = ['linear_inner', 'linear_outer'].flatMap((part) => [`${part}.weight`, `${part}.bias`])
    await checkBlock('pwff', names, rowsOf('pwff.x'), (x, ...inputs) =>
      feedForward(raw, named(names, 'layer.pwff.', inputs), 'layer', x as tf.Tensor2D, rows),
    )
  })

  it('layer norm', async () => {
    await checkBlock('layer_norm', ['gamma', 'beta'], rowsOf('layer_norm.x'), (x, gamma, beta) =>
      raw.layerNorm(x as tf.Tensor2D, gamma as tf.Tensor1D, beta as tf.Tensor1D),
    )
  })

  it.each([
    ['sigreg17', 17],
    ['sigreg5', 5],
  ] as const)('%s', async (block, points) => {
    const noise = tensor(`${block}.noise`) as tf.Tensor2D
    await checkBlock(block, [], tensor(`${block}.x`), (x) => {
      const flat = x.reshape([-1, noise.shape[0]]) as tf.Tensor2D
      return rawSigreg(device, flat, noise, SIGREG_COEFFICIENT, points).reshape([1])
    })
  })
})

describe('every op with dropout agrees with plain ops and their autodiff', () => {
  const [rows, sequence, dim, heads, n] = [3, 17, 16, 4, 51]
  const at = (site: PhiloxSite) => ({
    rate: 0.25,
    stream: { seed: 7, step: 2, microBatch: 1, layer: 3, site },
  })
  const matrix = (seed: number, width = dim) => tf.tensor2d(testValues(n * width, seed, 2), [n, width])
  const cases: Record<string, (ops: ModelOps, rope: RopeTables) => [Run, tf.Tensor[]]> = {
    attention: (ops, rope) => [
      (q, k, v) =>
        ops.attention(
          q as tf.Tensor2D,
          k as tf.Tensor2D,
          v as tf.Tensor2D,
          rope,
          { rows, sequence, heads },
          at(philoxSite.attention),
        ),
      [matrix(1), matrix(2), matrix(3)],
    ],
    gelu: (ops) => [(x) => ops.gelu(x as tf.Tensor2D, rows, at(philoxSite.ffn)), [matrix(4, 32)]],
    residual: (ops) => [
      (x, branch) => ops.residual(x as tf.Tensor2D, branch as tf.Tensor2D, rows, at(philoxSite.ffnResidual)),
      [matrix(5), matrix(6)],
    ],
    'cross-entropy': (ops) => {
      const targets = tf.tensor1d(
        Int32Array.from({ length: n }, (_, i) => (i % 5 === 4 ? 256 : 5 * i)),
        'int32',
      )
      return [(logits) => ops.crossEntropy(logits as tf.Tensor2D, targets, 1 / n), [matrix(7, 264)]]
    },
    embedding: (ops) => {
      const tokens = tf.tensor1d(
        Int32Array.from({ length: n }, (_, i) => (i * i) % 258),
        'int32',
      )
      return [
        (weight) => ops.embedding(weight as tf.Tensor2D, tokens),
        [tf.tensor2d(testValues(264 * dim, 8), [264, dim])],
      ]
    },
    sigreg: (ops) => {
      const noise = ops.normalNoise(
        { seed: 1, step: 1, microBatch: 0, layer: 0, site: philoxSite.noise },
        dim,
      )
      return [(x) => ops.sigreg(x as tf.Tensor2D, noise, SIGREG_COEFFICIENT), [matrix(9)]]
    },
  }

  it.each(Object.keys(cases))('%s', async (name) => {
    const { cos, sin } = ropeAngles([...Array(sequence).keys()], dim / heads)
    const shape: [number, number, number] = [1, sequence, dim / heads / 2]
    const rope = { cos: tf.tensor3d(cos, shape), sin: tf.tensor3d(sin, shape) }
    const results = []
    for (const ops of [raw, createPlainOps()]) {
      const [run, inputs] = cases[name]!(ops, rope)
      const { shape } = run(...inputs)
      const dy = tf.tensor(
        testValues(
          shape.reduce((a, b) => a * b, 1),
          10,
        ),
        shape,
      )
      results.push(await withGradients(run, inputs, dy))
    }
    const [actual, expected] = results
    for (const [index, values] of expected!.entries()) {
      expect(relativeDifference(actual![index]!, values), `output ${index}`).toBeLessThanOrEqual(
        index === 0 ? VALUE : GRADIENT,
      )
    }
    device.gpu.assertHealthy()
  })
})

it('two runs with one seed are equal to the last bit, dropout and noise included', async () => {
  const run = async () => {
    const engine = createTapeEngine(small, device)
    await engine.initialise(3)
    const tokens = Int32Array.from({ length: 99 }, (_, i) => (i * i) % 256)
    const batch = {
      tokens,
      targets: tokens.map((_, i) => (i % 33 === 32 ? 256 : (i * 7) % 256)),
      rows: 3,
      sequence: 33,
    }
    const losses: number[] = []
    for (let step = 0; step < 3; step += 1) {
      const request = { microBatches: [batch, batch], learningRate: 1e-2, dropout: 0.1, seed: 5 }
      losses.push((await engine.step(request)).loss)
    }
    const weights = await engine.readTensor('encoder.layers.1.attention.key.weight')
    engine.dispose()
    return [...losses, ...weights]
  }
  const first = await run()
  expect(first[2]).toBeLessThan(first[0]!)
  expect(await run()).toEqual(first)
})
