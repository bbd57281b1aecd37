import type { Engine, TokenBatch } from '../src/engine/engine.ts'
import type { ModelConfig } from '../src/model/model-config.ts'
import { SIGREG_SLICES } from '../src/model/model-config.ts'
import { GoldenTensors, goldenJson } from './golden-tensors.ts'

/** The golden training cases: config and batch shape of each folder (golden README, "Model"). */
export const goldenModels = {
  'v1-small': {
    config: { name: 'small', dim: 16, ffn: 32, layers: 2, heads: 4, vocab: 264 },
    rows: 4,
    sequence: 32,
  },
  'v1-mid': {
    config: { name: 'mid', dim: 64, ffn: 256, layers: 3, heads: 4, vocab: 264 },
    rows: 3,
    sequence: 128,
  },
  'tiny-42': {
    config: { name: 'tiny', dim: 4, ffn: 8, layers: 2, heads: 2, vocab: 264 },
    rows: 1,
    sequence: 8,
  },
} as const satisfies Record<string, { config: ModelConfig; rows: number; sequence: number }>

export type GoldenModel = keyof typeof goldenModels

export interface GoldenTraining {
  readonly batches: readonly TokenBatch[]
  readonly noise: readonly Float32Array[]
  readonly steps: readonly { ce: number; sigreg: number; loss: number; grad_norm: number }[]
}

export async function goldenTraining(folder: 'v1-small' | 'v1-mid'): Promise<GoldenTraining> {
  const { config, rows, sequence } = goldenModels[folder]
  const tensors = await GoldenTensors.load(`${folder}/batches.safetensors`)
  const { steps } = await goldenJson<{ steps: GoldenTraining['steps'] }>(`${folder}/train.json`)
  const part = <T extends Float32Array | Int32Array>(values: T, size: number, index: number) =>
    values.subarray(index * size, (index + 1) * size) as T
  const batches = steps.map((_, index) => ({
    tokens: part(tensors.i32('token_ids'), rows * sequence, index),
    targets: part(tensors.i32('targets'), rows * sequence, index),
    rows,
    sequence,
  }))
  const noise = steps.map((_, index) => part(tensors.f32('noise'), config.dim * SIGREG_SLICES, index))
  return { batches, noise, steps }
}

/** Writes every tensor of a golden file into an engine. */
export async function loadGoldenWeights(engine: Engine, path: string): Promise<void> {
  const tensors = await GoldenTensors.load(path)
  for (const name of tensors.names) engine.writeTensor(name, tensors.f32(name))
}
