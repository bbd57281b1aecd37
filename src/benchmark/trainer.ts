import type { TokenBatch } from '../engine/engine.ts'
import type { ModelConfig } from '../model/model-config.ts'

/** What every trainer of a comparison starts from, so that their losses can be compared. */
export interface TrainerInput {
  readonly config: ModelConfig
  readonly batch: TokenBatch
  /** SIGReg noise [dim, 256] of an optimizer step, the same at every call. */
  readonly noise: (step: number) => Float32Array
  readonly learningRate: number
  /** Of the initial weights (src/engine/initial-values.ts). */
  readonly seed: number
}

/** Something that trains V1: one of our engines or a peer. */
export interface Trainer {
  readonly name: string
  /** One optimizer step, counted from 1, without dropout; resolves with its loss once that was read back. */
  step(step: number): Promise<number>
  dispose(): void
}
