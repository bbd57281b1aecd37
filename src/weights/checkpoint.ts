import type { TensorShape } from './tensor-shape.ts'

/** Adam's moments of one tensor, each of the tensor's length. */
export interface MomentPair {
  readonly m: Float32Array
  readonly v: Float32Array
}

/** Facts that a checkpoint carries besides the numbers; `extra` is any JSON of the caller. */
export interface CheckpointFacts {
  readonly runId: string
  /** Name of the model config. */
  readonly config: string
  /** Optimizer steps done. */
  readonly step: number
  /** Milliseconds since 1970. */
  readonly savedAt: number
  /** Data cursor, recipe, losses: what the caller needs to go on. */
  readonly extra: unknown
}

export interface CheckpointFile {
  readonly path: string
  readonly size: number
  /** BLAKE2b-256, hex. */
  readonly digest: string
}

/** What is written last: a slot without a manifest that fits its files does not exist. */
export interface CheckpointManifest extends CheckpointFacts {
  readonly format: 1
  /** Grows by one with each save of the run; the larger of two slots is the newer. */
  readonly generation: number
  readonly weights: CheckpointFile
  readonly m: CheckpointFile
  readonly v: CheckpointFile
}

/** A validated checkpoint whose numbers are read one tensor at a time. */
export interface LoadedCheckpoint {
  readonly manifest: CheckpointManifest
  /** Why a newer slot was passed over; empty where the newest one is sound. */
  readonly skipped: readonly string[]
  readTensor(name: string): Promise<Float32Array>
  readMoments(name: string): Promise<MomentPair>
}

export const checkpointSlots = ['a', 'b'] as const
export type CheckpointSlot = (typeof checkpointSlots)[number]

export function slotFolder(runId: string, slot: CheckpointSlot): string {
  return `runs/${runId}/${slot}`
}

export function manifestPath(runId: string, slot: CheckpointSlot): string {
  return `${slotFolder(runId, slot)}/manifest.json`
}

export type CheckpointTable = readonly TensorShape[]
