import { normalArray } from '../arrgen/normal-array.ts'
import type { TokenBatch } from '../engine/engine.ts'
import { type ModelConfig, SIGREG_SLICES } from '../model/model-config.ts'
import { PAD } from '../tokenizer/encode-window.ts'
import type { TrainerInput } from './trainer.ts'

/** One training job whose time is compared: a model and the shape of its batch. */
export interface BenchmarkCase {
  readonly config: ModelConfig
  readonly rows: number
  readonly sequence: number
}

const vocab = 264
export const benchmarkCases = {
  d64: { config: { name: 'd64', dim: 64, ffn: 256, layers: 2, heads: 4, vocab }, rows: 2, sequence: 64 },
  d128: { config: { name: 'd128', dim: 128, ffn: 512, layers: 4, heads: 4, vocab }, rows: 2, sequence: 128 },
  d256: { config: { name: 'd256', dim: 256, ffn: 1024, layers: 4, heads: 4, vocab }, rows: 2, sequence: 256 },
} as const satisfies Record<string, BenchmarkCase>
export type BenchmarkCaseName = keyof typeof benchmarkCases

/** The same weights, tokens and noise in every run of `steps` steps; Adam at 1e-3. */
export function trainerInput({ config, rows, sequence }: BenchmarkCase, steps: number): TrainerInput {
  // Drawn ahead, so that no clock runs meanwhile.
  const noise = Array.from({ length: steps }, (_, step) =>
    normalArray(BigInt(step + 1), config.dim * SIGREG_SLICES),
  )
  return {
    config,
    batch: syntheticBatch(rows, sequence),
    noise: (step) => noise[step - 1]!,
    learningRate: 1e-3,
    seed: 7,
  }
}

/** Tokens without meaning; each row's last target does not count. */
export function syntheticBatch(rows: number, sequence: number): TokenBatch {
  const tokens = Int32Array.from({ length: rows * sequence }, (_, index) => (index * index + 7 * index) % 256)
  const targets = tokens.map((_, index) => (index % sequence === sequence - 1 ? PAD : tokens[index + 1]!))
  return { tokens, targets, rows, sequence }
}
