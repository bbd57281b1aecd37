/** Hyper-parameters of a V1 model. All configs share the byte vocabulary and the context limit. */
export interface ModelConfig {
  readonly name: string
  /** Width of the residual stream. */
  readonly dim: number
  /** Hidden width of the feed-forward block. */
  readonly ffn: number
  readonly layers: number
  readonly heads: number
  /** 256 bytes, PAD 256, EOS 257 and 6 unused ids. */
  readonly vocab: number
}

/** The longest window that the network scores, in tokens. */
export const MAX_SEQUENCE = 1024

/** Gaussian projections of SIGReg. */
export const SIGREG_SLICES = 256

/** Weight of SIGReg in the loss. */
export const SIGREG_COEFFICIENT = 0.02

const VOCAB = 264

/** The localnet's `--small-model`. */
export const small: ModelConfig = { name: 'small', dim: 16, ffn: 32, layers: 2, heads: 4, vocab: VOCAB }

/** Large enough to learn words within a minute, small enough for any GPU; lives on practice worlds only. */
export const practice: ModelConfig = {
  name: 'practice',
  dim: 64,
  ffn: 256,
  layers: 4,
  heads: 4,
  vocab: VOCAB,
}

/** The network's architecture version 1: 1,209,684,232 parameters. */
export const v1: ModelConfig = { name: 'v1', dim: 2048, ffn: 8192, layers: 24, heads: 8, vocab: VOCAB }

export const modelConfigs = { small, practice, v1 } as const
export type ConfigName = keyof typeof modelConfigs

/** The config whose embeddings have this dimension; undefined where none of ours does. */
export function configForDimension(dim: number): ModelConfig | undefined {
  return Object.values(modelConfigs).find((config) => config.dim === dim)
}
