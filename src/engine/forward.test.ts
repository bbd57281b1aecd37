import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { GoldenTensors, maxDifference } from '../../test/golden-tensors.ts'
import type { ModelConfig } from '../model/model-config.ts'
import { attend, encode, encoderLayer, feedForward, predict } from './forward.ts'
import { rotate, splitHeads } from './plain-attention.ts'
import { createPlainOps } from './plain-ops.ts'
import { ropeAngles } from './rope-angles.ts'

/** Hidden states, logits and cross-entropy in f32 on a CPU: golden README, "Tolerances". */
const TOLERANCE = 1e-5

const cases: { folder: string; config: ModelConfig; rows: number; sequence: number }[] = [
  {
    folder: 'v1-small',
    config: { name: 'small', dim: 16, ffn: 32, layers: 2, heads: 4, vocab: 264 },
    rows: 4,
    sequence: 32,
  },
  {
    folder: 'v1-mid',
    config: { name: 'mid', dim: 64, ffn: 256, layers: 3, heads: 4, vocab: 264 },
    rows: 3,
    sequence: 128,
  },
]

beforeAll(() => tf.setBackend('cpu'))

describe.each(cases)('forward of $folder', ({ folder, config, rows, sequence }) => {
  it('gives every intermediate of the package', async () => {
    const weights = await GoldenTensors.load(`${folder}/weights.init.safetensors`)
    const golden = await GoldenTensors.load(`${folder}/forward.safetensors`)
    const batches = await GoldenTensors.load(`${folder}/batches.safetensors`)
    const ops = createPlainOps()
    const parameters = (name: string) => tf.tensor(weights.f32(name), weights.tensor(name).shape as number[])
    const tokens = tf.tensor1d(batches.i32('token_ids').subarray(0, rows * sequence), 'int32')
    const headDim = config.dim / config.heads
    const angles = ropeAngles(
      Array.from({ length: sequence }, (_, i) => i),
      headDim,
    )
    const table = (values: Float32Array) => tf.tensor3d(values, [1, sequence, headDim / 2])
    const rope = { cos: table(angles.cos), sin: table(angles.sin) }
    const input = { tokens, rope, rows, sequence }
    const shape = { rows, sequence, heads: config.heads }
    const check = (name: string, actual: tf.Tensor) => {
      expect(maxDifference(actual.dataSync(), golden.f32(name)), name).toBeLessThanOrEqual(TOLERANCE)
    }
    const layer = 'encoder.layers.0'
    const vector = (name: string) => parameters(name) as tf.Tensor1D
    const matrix = (name: string) => parameters(name) as tf.Tensor2D

    const embedded = ops.embedding(matrix('embedding.weight'), tokens)
    check('embedded', embedded)
    const normed = ops.layerNorm(embedded, vector(`${layer}.norm_1.gamma`), vector(`${layer}.norm_1.beta`))
    check('layer.0.norm_1', normed)
    for (const part of ['query', 'key', 'value']) {
      const name = `${layer}.attention.${part}`
      const projected = ops.linear(normed, matrix(`${name}.weight`), vector(`${name}.bias`))
      check(`layer.0.${part}`, projected)
      if (part !== 'value') {
        check(`layer.0.${part}_rope`, rotate(splitHeads(projected, shape), rope).transpose([0, 2, 1, 3]))
      }
    }
    const attended = attend(ops, parameters, layer, normed, rope, shape)
    check('layer.0.attention', attended)
    const middle = ops.residual(embedded, attended, rows)
    const normedMiddle = ops.layerNorm(
      middle,
      vector(`${layer}.norm_2.gamma`),
      vector(`${layer}.norm_2.beta`),
    )
    check('layer.0.norm_2', normedMiddle)
    check('layer.0.pwff', feedForward(ops, parameters, layer, normedMiddle, rows))
    let x = embedded
    for (let index = 0; index < config.layers; index += 1) {
      x = encoderLayer(ops, config, parameters, input, x, index)
      check(`layer.${index}.output`, x)
    }
    const hidden = encode(ops, config, parameters, input)
    check('final', hidden)
    const logits = predict(ops, parameters, hidden)
    check('logits', logits)

    const targets = batches.i32('targets').subarray(0, rows * sequence)
    const masked = Array.from(
      targets,
      (target, index) =>
        ops.crossEntropy(logits.slice([index, 0], [1, -1]), tf.tensor1d([target], 'int32'), 1).dataSync()[0]!,
    )
    expect(maxDifference(masked, golden.f32('ce_masked')), 'ce_masked').toBeLessThanOrEqual(TOLERANCE)
  })
})
