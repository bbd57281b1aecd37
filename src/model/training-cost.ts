import { type ModelConfig, SIGREG_SLICES } from './model-config.ts'
import { parameterCount } from './parameter-table.ts'

/**
 * Floating point operations of forward and backward over `tokens` tokens in windows of `sequence`: a multiply and
 * an add are two, the backward pass is twice the forward pass, causal attention counts only keys 0..query.
 * Matrix products only (linears, attention, SIGReg's projection): what a utilisation figure is divided by.
 */
export function trainingFlops(config: ModelConfig, tokens: number, sequence: number): number {
  const { dim, ffn, layers, vocab } = config
  const linears = layers * (4 * dim * dim + 2 * dim * ffn) + dim * vocab + dim * SIGREG_SLICES
  const attention = layers * 2 * dim * ((sequence + 1) / 2)
  return 3 * 2 * tokens * (linears + attention)
}

/** Bytes on the device while training, all f32. */
export interface TrainingMemory {
  readonly weights: number
  readonly gradients: number
  readonly moments: number
  /** What the backward pass of one micro-batch needs to keep. */
  readonly activations: number
  readonly total: number
}

/**
 * An estimate for the engine on TensorFlow.js' tape, fitted to its own pool of buffers (within 5 % for widths of 16 to
 * 128 and up to 8 layers): it keeps the activations of one micro-batch of rows x sequence tokens, and as many
 * gradients of them, since the tape frees those only when the backward pass is over.
 */
export function trainingMemory(config: ModelConfig, rows: number, sequence: number): TrainingMemory {
  const { dim, ffn, layers, vocab } = config
  const weights = 4 * parameterCount(config)
  const perLayer = 2 * (13 * dim + 2 * ffn)
  const outside = 15 * dim + 2 * vocab + 2.5 * SIGREG_SLICES
  const activations = 4 * rows * sequence * (layers * perLayer + outside)
  const moments = 2 * weights
  return { weights, gradients: weights, moments, activations, total: 2 * weights + moments + activations }
}
