import * as tf from '@tensorflow/tfjs'
import type { AttentionShape, Dropout, RopeTables } from './model-ops.ts'
import { plainDropAttention } from './plain-dropout.ts'

/** Added to the scores of later keys; every real score vanishes beside it. */
const MASKED = -1e9

/** Rotary embedding, scores, causal softmax, dropout and weighted sum, on whole [rows, heads, S, S] arrays. */
export function plainAttention(
  query: tf.Tensor2D,
  key: tf.Tensor2D,
  value: tf.Tensor2D,
  rope: RopeTables,
  shape: AttentionShape,
  dropout?: Dropout,
): tf.Tensor2D {
  const { sequence } = shape
  const q = rotate(splitHeads(query, shape), rope)
  const k = rotate(splitHeads(key, shape), rope)
  const v = splitHeads(value, shape)
  const headDim = q.shape[3]
  const later = tf
    .scalar(1)
    .sub(tf.linalg.bandPart(tf.ones([sequence, sequence]), -1, 0))
    .mul(MASKED)
  const scores = tf
    .matMul(q, k, false, true)
    .mul(1 / Math.sqrt(headDim))
    .add(later)
  const probabilities = plainDropAttention(tf.softmax(scores) as tf.Tensor4D, dropout)
  return joinHeads(tf.matMul(probabilities, v))
}

/**
 * Half-split rotary embedding of x [rows, heads, sequence, headDim]: first' = first cos - second sin,
 * second' = second cos + first sin. Source: protocol 6.3.
 */
export function rotate(x: tf.Tensor4D, rope: RopeTables): tf.Tensor4D {
  const [first, second] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D]
  const cos = rope.cos.expandDims(1)
  const sin = rope.sin.expandDims(1)
  return tf.concat(
    [first.mul(cos).sub(second.mul(sin)), second.mul(cos).add(first.mul(sin))],
    3,
  ) as tf.Tensor4D
}

/** [rows * sequence, dim] -> [rows, heads, sequence, headDim]. */
export function splitHeads(x: tf.Tensor2D, { rows, sequence, heads }: AttentionShape): tf.Tensor4D {
  return x.reshape([rows, sequence, heads, x.shape[1] / heads]).transpose([0, 2, 1, 3]) as tf.Tensor4D
}

/** [rows, heads, sequence, headDim] -> [rows * sequence, dim]. */
export function joinHeads(x: tf.Tensor4D): tf.Tensor2D {
  const [rows, heads, sequence, headDim] = x.shape
  return x.transpose([0, 2, 1, 3]).reshape([rows * sequence, heads * headDim])
}
