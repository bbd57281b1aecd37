import * as tf from '@tensorflow/tfjs'
import type { AttentionShape, ModelOps, RopeTables } from '../../engine/model-ops.ts'
import { joinHeads, rotate, splitHeads } from '../../engine/plain-attention.ts'
import { createPlainOps } from '../../engine/plain-ops.ts'

/** Points of SIGReg, t_j = 3 j / 16; the one at 0 adds nothing. */
const POINTS = 16
/** Added to the scores of later keys. */
const MASKED = -1e9

/**
 * V1's operations as a user of TensorFlow.js would write them: its own kernels and gradients throughout. The oracle's
 * (plain-ops.ts) are something else where it replaces what the library has for the sake of exactness: its own erf, sine
 * and cosine with gradients of their own, and SIGReg by rotation, which saves the sums of a broadcast's gradient. Not
 * made slower than it need be: the causal mask is made once, and SIGReg is laid out as in jax-model.ts.
 */
export function createStockOps(): ModelOps {
  let mask: tf.Tensor2D | undefined
  function attention(
    query: tf.Tensor2D,
    key: tf.Tensor2D,
    value: tf.Tensor2D,
    rope: RopeTables,
    shape: AttentionShape,
  ): tf.Tensor2D {
    const q = rotate(splitHeads(query, shape), rope)
    const k = rotate(splitHeads(key, shape), rope)
    mask ??= tf.keep(laterKeys(shape.sequence))
    const scores = tf.matMul(q, k, false, true).mul(1 / Math.sqrt(q.shape[3]))
    const probabilities = tf.softmax(scores.add(mask)) as tf.Tensor4D
    return joinHeads(tf.matMul(probabilities, splitHeads(value, shape)))
  }
  return {
    ...createPlainOps(),
    embedding: (weight, tokens) => tf.gather(weight, tokens),
    attention,
    gelu: (x) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1)),
    sigreg,
    dispose: () => mask?.dispose(),
  }
}

function laterKeys(sequence: number): tf.Tensor2D {
  return tf.tidy(() => {
    const seen = tf.linalg.bandPart(tf.ones([sequence, sequence]), -1, 0)
    return tf.scalar(1).sub(seen).mul(MASKED) as tf.Tensor2D
  })
}

/** scale * SIGReg of x [n, dim], protocol 8.7, with cosines and sines of all points and slices: [n, points, slices]. */
function sigreg(x: tf.Tensor2D, noise: tf.Tensor2D, scale: number): tf.Scalar {
  const slices = noise.shape[1]
  const spacing = 3 / POINTS
  const points = Array.from({ length: POINTS }, (_, index) => (index + 1) * spacing)
  const phi = points.map((t) => Math.exp((-t * t) / 2))
  const weights = phi.map((value, j) => value * spacing * (j === POINTS - 1 ? 1 : 2) * slices)
  const y = tf.matMul(x, noise.div(noise.square().sum(0, true).sqrt()) as tf.Tensor2D)
  const angles = y.expandDims(1).mul(tf.tensor3d(points, [1, POINTS, 1]))
  const real = tf.cos(angles).mean(2).sub(tf.tensor1d(phi))
  const imaginary = tf.sin(angles).mean(2)
  const term = real.square().add(imaginary.square()).mul(tf.tensor1d(weights))
  return term.sum(1).mean().mul(scale) as tf.Scalar
}
