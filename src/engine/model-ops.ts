import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import type { PhiloxStream } from './philox.ts'

/**
 * The operations that the forward pass (forward.ts) is written in, each differentiable through tfjs' tape.
 * Two implementations: plain-ops.ts (tfjs operations and autodiff, any backend: the oracle) and ops/ (raw WGSL
 * under tf.customGrad: what trains). Activations are f32 [rows * sequence, width], row-major; token ids int32.
 * Results belong to the caller's tf.tidy scope; nothing reads back to the CPU.
 */
export interface ModelOps {
  /** What computes, for the screen, such as "TensorFlow.js, cpu". */
  readonly description: string

  /** weight [vocab, dim] at tokens [n] -> [n, dim]. The gradient is summed in a fixed order. */
  embedding(weight: Tensor2D, tokens: Tensor1D): Tensor2D

  /** (x - mean) / sqrt(population variance + 1e-5) * gamma + beta along the last axis. */
  layerNorm(x: Tensor2D, gamma: Tensor1D, beta: Tensor1D): Tensor2D

  /** x [n, in] . weight [in, out] + bias [out]. */
  linear(x: Tensor2D, weight: Tensor2D, bias: Tensor1D): Tensor2D

  /**
   * Rotary embedding of query and key, then causal attention for each head: softmax(q . k / sqrt(headDim)) over
   * keys 0..query, dropout on the probabilities, times v. PAD keys are not masked. -> [n, dim]
   */
  attention(
    query: Tensor2D,
    key: Tensor2D,
    value: Tensor2D,
    rope: RopeTables,
    shape: AttentionShape,
    dropout?: Dropout,
  ): Tensor2D

  /** x * (1 + erf(x / sqrt 2)) / 2 with erf accurate to f32, then dropout. */
  gelu(x: Tensor2D, rows: number, dropout?: Dropout): Tensor2D

  /** x + dropout(branch). */
  residual(x: Tensor2D, branch: Tensor2D, rows: number, dropout?: Dropout): Tensor2D

  /**
   * scale * sum of -log softmax(logits)[target] over targets that are not PAD (256). logits [n, vocab], targets
   * [n]. The caller counts the targets and puts the count into the scale.
   */
  crossEntropy(logits: Tensor2D, targets: Tensor1D, scale: number): Scalar

  /**
   * scale * SIGReg(x), protocol 8.7: noise [dim, slices] has its columns divided by their L2 norm, then per
   * position 17 points t_j = 3 j / 16; mean over positions. The noise gets no gradient.
   */
  sigreg(x: Tensor2D, noise: Tensor2D, scale: number): Scalar

  /** Standard normal SIGReg noise [dim, 256] of a Philox stream (row 0), by normalFromWord. */
  normalNoise(stream: PhiloxStream, dim: number): Tensor2D

  /** Sum of the squares of all elements of all tensors, for the global gradient norm. */
  sumOfSquares(tensors: readonly Tensor[]): Scalar

  /**
   * One Adam step for every parameter, in place or by putting new tensors into the states (and disposing the
   * old). beta1 0.9, beta2 0.999, eps 1e-8 outside the root, no decay:
   * value -= learningRate / (1 - beta1^step) * m / (sqrt(v / (1 - beta2^step)) + eps).
   */
  adam(states: readonly ParameterState[], gradients: readonly Tensor[], options: AdamOptions): void

  /** Dispatches and submits of the device since the ops were made; zeros where there is no device. */
  counters(): { readonly dispatches: number; readonly submits: number }

  /** Bytes of scratch buffers that tfjs does not know of. */
  scratchBytes(): number

  dispose(): void
}

/** cos and sin of the angles, [tableRows, sequence, headDim / 2]; tableRows is 1 where all rows share positions. */
export interface RopeTables {
  readonly cos: Tensor3D
  readonly sin: Tensor3D
}

export interface AttentionShape {
  readonly rows: number
  readonly sequence: number
  readonly heads: number
}

/** Inverted dropout, 0 < rate < 1, with masks from a Philox stream (philox.ts gives the index of each value). */
export interface Dropout {
  readonly rate: number
  readonly stream: PhiloxStream
}

/** A parameter and Adam's moments, all of the same shape. The engine owns and disposes them. */
export interface ParameterState {
  readonly name: string
  value: Tensor
  m: Tensor
  v: Tensor
}

export interface AdamOptions {
  readonly learningRate: number
  /** 1 for the first step. */
  readonly step: number
}

export const adamConstants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
export const LAYER_NORM_EPSILON = 1e-5
