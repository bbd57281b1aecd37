import { nn, numpy as np } from '@jax-js/jax'
import { adamConstants, LAYER_NORM_EPSILON } from '../../engine/model-ops.ts'
import { type ModelConfig, SIGREG_COEFFICIENT, SIGREG_SLICES } from '../../model/model-config.ts'

/**
 * V1's training step as a jax-js user would write it: pure functions over a tree of arrays. Arrays are consumed by
 * what takes them; `.ref` keeps one for another use.
 */
export type Weights = Record<string, np.Array>

/** What a step needs beside the weights. n = rows * sequence. */
export type JaxBatch = {
  /** Token ids, int32 [n]. */
  tokens: np.Array
  /** Target ids, int32 [n]. */
  targets: np.Array
  /** 1 / counted targets where a target counts, else 0, [n]. */
  targetWeights: np.Array
  /** Rotary tables [sequence, headDim / 2]. */
  cos: np.Array
  sin: np.Array
  /** SIGReg noise [dim, 256]. */
  noise: np.Array
}

interface Shape {
  readonly config: ModelConfig
  readonly rows: number
  readonly sequence: number
}

/** Mean cross-entropy plus 0.02 SIGReg, a scalar. */
export function lossOf({ config, rows, sequence }: Shape, weights: Weights, batch: JaxBatch): np.Array {
  const { dim, heads, layers, vocab } = config
  const shape = [rows, sequence, heads, dim / heads]
  // Every tensor is used once, so taking it consumes it.
  const w = (name: string) => weights[name]!
  const linear = (x: np.Array, name: string) => np.matmul(x, w(`${name}.weight`)).add(w(`${name}.bias`))
  const norm = (x: np.Array, name: string) =>
    normalised(x)
      .mul(w(`${name}.gamma`))
      .add(w(`${name}.beta`))
  let x = w('embedding.weight').slice(batch.tokens)
  for (let layer = 0; layer < layers; layer += 1) {
    const prefix = `encoder.layers.${layer}`
    const normed = norm(x.ref, `${prefix}.norm_1`)
    const query = linear(normed.ref, `${prefix}.attention.query`).reshape(shape)
    const key = linear(normed.ref, `${prefix}.attention.key`).reshape(shape)
    const value = linear(normed, `${prefix}.attention.value`).reshape(shape)
    const mixed = nn.dotProductAttention(
      rotated(query, batch.cos.ref, batch.sin.ref),
      rotated(key, batch.cos.ref, batch.sin.ref),
      value,
      { isCausal: true },
    )
    x = x.add(linear(mixed.reshape([rows * sequence, dim]), `${prefix}.attention.output`))
    const inner = linear(norm(x.ref, `${prefix}.norm_2`), `${prefix}.pwff.linear_inner`)
    x = x.add(linear(nn.gelu(inner, { approximate: false }), `${prefix}.pwff.linear_outer`))
  }
  batch.cos.dispose()
  batch.sin.dispose()
  const hidden = norm(x, 'final_norm')
  const logProbabilities = nn.logSoftmax(linear(hidden.ref, 'predictor'))
  const chosen = logProbabilities.mul(nn.oneHot(batch.targets, vocab)).sum(-1)
  const crossEntropy = chosen.mul(batch.targetWeights).sum().neg()
  return crossEntropy.add(sigreg(hidden, batch.noise))
}

/** One Adam update; `rate` = learningRate / (1 - beta1^t), `root` = 1 / sqrt(1 - beta2^t), both scalars. */
export function adam(
  value: np.Array,
  m: np.Array,
  v: np.Array,
  gradient: np.Array,
  rate: np.Array,
  root: np.Array,
): { value: np.Array; m: np.Array; v: np.Array } {
  const { beta1, beta2, epsilon } = adamConstants
  const newM = m.mul(beta1).add(gradient.ref.mul(1 - beta1))
  const newV = v.mul(beta2).add(np.square(gradient).mul(1 - beta2))
  const step = newM.ref.mul(rate).div(np.sqrt(newV.ref).mul(root).add(epsilon))
  return { value: value.sub(step), m: newM, v: newV }
}

function normalised(x: np.Array): np.Array {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }))
  const variance = np.square(centred.ref).mean(-1, { keepdims: true })
  return centred.div(np.sqrt(variance.add(LAYER_NORM_EPSILON)))
}

/** Half-split rotary embedding of [rows, sequence, heads, headDim]. */
function rotated(x: np.Array, cos: np.Array, sin: np.Array): np.Array {
  const [sequence, half] = cos.shape as [number, number]
  const table = [1, sequence, 1, half]
  const c = cos.reshape(table)
  const s = sin.reshape(table)
  const first = x.ref.slice([], [], [], [0, half])
  const second = x.slice([], [], [], [half, 2 * half])
  return np.concatenate(
    [first.ref.mul(c.ref).sub(second.ref.mul(s.ref)), second.mul(c).add(first.mul(s))],
    -1,
  )
}

/** 0.02 SIGReg of hidden [n, dim]: points t_j = 3 j / 16; the one at 0 adds nothing. */
function sigreg(hidden: np.Array, noise: np.Array): np.Array {
  const count = 16
  const spacing = 3 / count
  const points = Array.from({ length: count }, (_, index) => (index + 1) * spacing)
  const phi = points.map((t) => Math.exp((-t * t) / 2))
  const weights = phi.map((value, j) => value * spacing * (j === count - 1 ? 1 : 2) * SIGREG_SLICES)
  const length = np.sqrt(np.square(noise.ref).sum(0, { keepdims: true }))
  const y = np.matmul(hidden, noise.div(length))
  const angles = y.reshape([y.shape[0]!, 1, SIGREG_SLICES]).mul(np.array(points).reshape([1, count, 1]))
  const real = np.cos(angles.ref).mean(-1).sub(np.array(phi))
  const imaginary = np.sin(angles).mean(-1)
  const term = np.square(real).add(np.square(imaginary))
  return term.mul(np.array(weights)).sum(-1).mean().mul(SIGREG_COEFFICIENT)
}
