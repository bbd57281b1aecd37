import * as tf from '@tensorflow/tfjs'
import { adapterName } from '../../gpu/open-device.ts'
import type { TfjsDevice } from '../../gpu/tfjs-device.ts'
import type { AttentionShape, Dropout, ModelOps, RopeTables } from '../model-ops.ts'
import { adam } from './adam/adam.ts'
import { attention, attentionGrad } from './attention/attention.ts'
import { crossEntropy, crossEntropyGrad } from './cross-entropy/cross-entropy.ts'
import { dropout as drop } from './dropout/dropout.ts'
import { embedding, embeddingGrad } from './embedding/embedding.ts'
import { gelu, geluDx } from './gelu/gelu.ts'
import { layerNorm, layerNormGrad } from './layer-norm/layer-norm.ts'
import { linear, linearDw, linearDx } from './linear/linear.ts'
import { normalNoise } from './normal-noise/normal-noise.ts'
import { normaliseColumns, SIGREG_POINTS, sigreg, sigregGrad } from './sigreg/sigreg.ts'
import { sum, sumOfSquares } from './sum/sum.ts'

type T1 = tf.Tensor1D
type T2 = tf.Tensor2D

/** ModelOps by raw WGSL kernels on the device of tfjs's webgpu backend; tfjs keeps the tape. */
export function createRawOps(device: TfjsDevice): ModelOps {
  const start = device.counters()
  return {
    description: `WebGPU, ${adapterName(device.gpu.adapterInfo)}`,
    embedding: (weight, tokens) => rawEmbedding(device, weight, tokens),
    layerNorm: (x, gamma, beta) => rawLayerNorm(device, x, gamma, beta),
    linear: (x, weight, bias) => rawLinear(device, x, weight, bias),
    attention: (query, key, value, rope, shape, dropout) =>
      rawAttention(device, [query, key, value], rope, shape, dropout),
    gelu: (x, rows, dropout) => rawGelu(device, x, rows, dropout),
    residual: (x, branch, rows, dropout) =>
      dropout ? rawResidual(device, x, branch, rows, dropout) : x.add(branch),
    crossEntropy: (logits, targets, scale) => rawCrossEntropy(device, logits, targets, scale),
    sigreg: (x, noise, scale) => rawSigreg(device, x, noise, scale),
    normalNoise: (stream, dim) => normalNoise(device, stream, dim),
    sumOfSquares: (tensors) => sumOfSquares(device, tensors),
    adam: (states, gradients, options) => {
      states.forEach((state, index) => {
        adam(device, state, gradients[index]!, options)
      })
    },
    counters: () => {
      const now = device.counters()
      return { dispatches: now.dispatches - start.dispatches, submits: now.submits - start.submits }
    },
    scratchBytes: () => 0,
    dispose: () => device.flush(),
  }
}

function rawEmbedding(device: TfjsDevice, weight: T2, tokens: T1): T2 {
  const vocab = weight.shape[0]
  return tf.customGrad((w) => ({
    value: embedding(device, w as T2, tokens),
    gradFunc: (dy: tf.Tensor) => embeddingGrad(device, dy as T2, tokens, vocab),
  }))(weight) as T2
}

function rawLayerNorm(device: TfjsDevice, x: T2, gamma: T1, beta: T1): T2 {
  return tf.customGrad((...args) => {
    const [a, g, b] = args as unknown as [T2, T1, T1]
    const save = args[3] as unknown as tf.GradSaveFunc
    const { y, stats } = layerNorm(device, a, g, b)
    save([a, g, stats])
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [a, g, stats] = saved as [T2, T1, T2]
        const { dx, dgamma, dbeta } = layerNormGrad(device, a, g, stats, dy as T2)
        return [dx, dgamma, dbeta]
      },
    }
  })(x, gamma, beta) as T2
}

function rawLinear(device: TfjsDevice, x: T2, weight: T2, bias: T1): T2 {
  return tf.customGrad((...args) => {
    const [a, w, b] = args as unknown as [T2, T2, T1]
    const save = args[3] as unknown as tf.GradSaveFunc
    save([a, w])
    return {
      value: linear(device, a, w, b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [a, w] = saved as [T2, T2]
        const { dw, db } = linearDw(device, a, dy as T2)
        return [linearDx(device, dy as T2, w), dw, db]
      },
    }
  })(x, weight, bias) as T2
}

function rawAttention(
  device: TfjsDevice,
  inputs: [T2, T2, T2],
  rope: RopeTables,
  shape: AttentionShape,
  dropout?: Dropout,
): T2 {
  return tf.customGrad((...args) => {
    const [query, key, value] = args as unknown as [T2, T2, T2]
    const save = args[3] as unknown as tf.GradSaveFunc
    const { q, k, v, lse, y } = attention(device, query, key, value, rope, shape, dropout)
    save([q, k, v, lse, y])
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [q, k, v, lse, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, T2]
        const grads = attentionGrad(device, { q, k, v, lse, y }, dy as T2, rope, shape, dropout)
        return [grads.dquery, grads.dkey, grads.dvalue]
      },
    }
  })(...inputs) as T2
}

function rawGelu(device: TfjsDevice, x: T2, rows: number, dropout?: Dropout): T2 {
  return tf.customGrad((...args) => {
    const [a, save] = args as unknown as [T2, tf.GradSaveFunc]
    save([a])
    return {
      value: gelu(device, a, rows, dropout),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        geluDx(device, saved[0] as T2, dy as T2, rows, dropout),
    }
  })(x) as T2
}

function rawResidual(device: TfjsDevice, x: T2, branch: T2, rows: number, dropout: Dropout): T2 {
  return tf.customGrad((base, b) => ({
    value: drop(device, b as T2, rows, dropout, base as T2),
    gradFunc: (dy: tf.Tensor) => [dy.clone(), drop(device, dy as T2, rows, dropout)],
  }))(x, branch) as T2
}

function rawCrossEntropy(device: TfjsDevice, logits: T2, targets: T1, scale: number): tf.Scalar {
  return tf.customGrad((...args) => {
    const [l, save] = args as unknown as [T2, tf.GradSaveFunc]
    const { losses, lse } = crossEntropy(device, l, targets)
    save([l, lse])
    return {
      value: sum(device, losses, scale),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        crossEntropyGrad(device, saved[0] as T2, targets, saved[1] as T1, dy as tf.Scalar, scale),
    }
  })(logits) as tf.Scalar
}

/** ModelOps.sigreg with any number of integration points, t = 0 included. */
export function rawSigreg(
  device: TfjsDevice,
  x: T2,
  noise: T2,
  scale: number,
  points = SIGREG_POINTS,
): tf.Scalar {
  const rowScale = scale / x.shape[0]
  return tf.customGrad((...args) => {
    const [a, save] = args as unknown as [T2, tf.GradSaveFunc]
    const columns = normaliseColumns(device, noise)
    const y = linear(device, a, columns)
    const { statistic, slopes } = sigreg(device, y, points)
    save([columns, y, slopes])
    return {
      value: sum(device, statistic, rowScale),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [columns, y, slopes] = saved as [T2, T2, tf.Tensor3D]
        return linearDx(device, sigregGrad(device, y, slopes, dy as tf.Scalar, rowScale), columns)
      },
    }
  })(x) as tf.Scalar
}
