import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tidy } from '@tensorflow/tfjs'
import type { ModelConfig } from '../model/model-config.ts'
import { type DistillationInput, type DistillationParts, distillationParts } from './distillation-loss.ts'
import type { AttentionShape, Dropout, ModelOps, RopeTables } from './model-ops.ts'
import { type PhiloxSite, philoxSite } from './philox.ts'

/** Parameters by canonical name. */
export type Parameters = (name: string) => Tensor

/** One micro-batch on the device: token ids [rows * sequence] and the rotary tables of their positions. */
export interface ForwardInput {
  readonly tokens: Tensor1D
  readonly rope: RopeTables
  readonly rows: number
  readonly sequence: number
  /** Absent where nothing is dropped. */
  readonly dropout?: DropoutKey
}

/** What keys the masks of one micro-batch; layer and site are added where a mask is used. */
export interface DropoutKey {
  readonly rate: number
  readonly seed: number
  readonly step: number
  readonly microBatch: number
}

/**
 * V1 up to the final norm, protocol 6.3: x = E[token]; for each layer x += Attention(LN1(x)), x += FFN(LN2(x));
 * then the final norm. -> final hidden states [rows * sequence, dim].
 */
export function encode(
  ops: ModelOps,
  config: ModelConfig,
  parameters: Parameters,
  input: ForwardInput,
): Tensor2D {
  let x = ops.embedding(matrix(parameters, 'embedding.weight'), input.tokens)
  for (let layer = 0; layer < config.layers; layer += 1) {
    const before = x
    // What a layer leaves behind goes back to the pool before the next one runs; the tape keeps what it needs.
    x = tidy(() => encoderLayer(ops, config, parameters, input, before, layer))
  }
  return norm(ops, parameters, 'final_norm', x)
}

/** Next-token logits [n, vocab] of final hidden states [n, dim]. */
export function predict(ops: ModelOps, parameters: Parameters, hidden: Tensor2D): Tensor2D {
  return linear(ops, parameters, 'predictor', hidden)
}

/** One pre-norm layer: two residual branches over x [n, dim]. */
export function encoderLayer(
  ops: ModelOps,
  config: ModelConfig,
  parameters: Parameters,
  input: ForwardInput,
  x: Tensor2D,
  layer: number,
): Tensor2D {
  const prefix = `encoder.layers.${layer}`
  const { rows, dropout } = input
  const at = (site: PhiloxSite) => dropoutAt(dropout, layer, site)
  const shape = { rows, sequence: input.sequence, heads: config.heads }

  const normed = norm(ops, parameters, `${prefix}.norm_1`, x)
  const heads = attend(ops, parameters, prefix, normed, input.rope, shape, at(philoxSite.attention))
  const middle = ops.residual(x, heads, rows, at(philoxSite.attentionResidual))

  const normedMiddle = norm(ops, parameters, `${prefix}.norm_2`, middle)
  const fed = feedForward(ops, parameters, prefix, normedMiddle, rows, at(philoxSite.ffn))
  return ops.residual(middle, fed, rows, at(philoxSite.ffnResidual))
}

/** Multi-head causal self-attention with its projections, [n, dim] -> [n, dim]. */
export function attend(
  ops: ModelOps,
  parameters: Parameters,
  prefix: string,
  x: Tensor2D,
  rope: RopeTables,
  shape: AttentionShape,
  dropout?: Dropout,
): Tensor2D {
  const query = linear(ops, parameters, `${prefix}.attention.query`, x)
  const key = linear(ops, parameters, `${prefix}.attention.key`, x)
  const value = linear(ops, parameters, `${prefix}.attention.value`, x)
  const mixed = ops.attention(query, key, value, rope, shape, dropout)
  return linear(ops, parameters, `${prefix}.attention.output`, mixed)
}

/** Linear, GELU, dropout, linear: [n, dim] -> [n, ffn] -> [n, dim]. */
export function feedForward(
  ops: ModelOps,
  parameters: Parameters,
  prefix: string,
  x: Tensor2D,
  rows: number,
  dropout?: Dropout,
): Tensor2D {
  const inner = linear(ops, parameters, `${prefix}.pwff.linear_inner`, x)
  return linear(ops, parameters, `${prefix}.pwff.linear_outer`, ops.gelu(inner, rows, dropout))
}

/** One micro-batch with what its loss needs. */
export interface LossInput extends ForwardInput {
  readonly targets: Tensor1D
  /** SIGReg noise [dim, 256]. */
  readonly noise: Tensor2D
  /** 1 / (targets that are not PAD * micro-batches of the step). */
  readonly crossEntropyScale: number
  /** 0.02 / micro-batches of the step. */
  readonly sigregScale: number
  readonly distillation?: DistillationInput
}

/** The parts of the training loss, scaled, without the weights of distillation; `totalLoss` puts them together. */
export interface Losses extends DistillationParts {
  readonly crossEntropy: Scalar
  readonly sigreg: Scalar
}

/** The training contract: mean cross-entropy over targets that are not PAD, and 0.02 SIGReg over all positions. */
export function losses(ops: ModelOps, config: ModelConfig, parameters: Parameters, input: LossInput): Losses {
  const hidden = encode(ops, config, parameters, input)
  const logits = predict(ops, parameters, hidden)
  return {
    crossEntropy: ops.crossEntropy(logits, input.targets, input.crossEntropyScale),
    sigreg: ops.sigreg(hidden, input.noise, input.sigregScale),
    ...(input.distillation ? distillationParts(input.distillation, input.targets, hidden, logits) : {}),
  }
}

function dropoutAt(dropout: DropoutKey | undefined, layer: number, site: PhiloxSite): Dropout | undefined {
  if (dropout === undefined || dropout.rate === 0) return undefined
  const { rate, seed, step, microBatch } = dropout
  return { rate, stream: { seed, step, microBatch, layer, site } }
}

function linear(ops: ModelOps, parameters: Parameters, prefix: string, x: Tensor2D): Tensor2D {
  return ops.linear(x, matrix(parameters, `${prefix}.weight`), vector(parameters, `${prefix}.bias`))
}

function norm(ops: ModelOps, parameters: Parameters, prefix: string, x: Tensor2D): Tensor2D {
  return ops.layerNorm(x, vector(parameters, `${prefix}.gamma`), vector(parameters, `${prefix}.beta`))
}

const matrix = (parameters: Parameters, name: string) => parameters(name) as Tensor2D
const vector = (parameters: Parameters, name: string) => parameters(name) as Tensor1D
