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
 * An estimate for the fused engine, within 5 % of its plan for widths of 16 to 2048 (the engine itself knows the exact
 * bytes): it keeps what the backward pass of one micro-batch of rows x sequence tokens reads, and little else.
 */
export function trainingMemory(config: ModelConfig, rows: number, sequence: number): TrainingMemory {
  const { dim, ffn, layers, heads } = config
  const weights = 4 * parameterCount(config)
  const perLayer = 8 * dim + 2 * ffn + heads + 4
  const outside = 3 * dim + 320
  const activations = 4 * rows * sequence * (layers * perLayer + outside)
  const moments = 2 * weights
  return { weights, gradients: weights, moments, activations, total: 2 * weights + moments + activations }
}
