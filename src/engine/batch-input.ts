import * as tf from '@tensorflow/tfjs'
import type { ModelConfig } from '../model/model-config.ts'
import { PAD } from '../tokenizer/encode-window.ts'
import type { TokenBatch } from './engine.ts'
import type { RopeTables } from './model-ops.ts'
import { ropeAngles } from './rope-angles.ts'

/** Rotary tables on the device. Those of positions 0..sequence-1 are kept, since every training row shares them. */
export class RopeCache {
  readonly #headDim: number
  readonly #local = new Map<number, RopeTables>()

  constructor(config: ModelConfig) {
    this.#headDim = config.dim / config.heads
  }

  /** Tables of local positions; they stay the cache's. */
  local(sequence: number): RopeTables {
    const made = this.#local.get(sequence)
    if (made !== undefined) return made
    const positions = Int32Array.from({ length: sequence }, (_, index) => index)
    const { cos, sin } = this.#upload(positions, 1)
    const tables = { cos: tf.keep(cos), sin: tf.keep(sin) }
    this.#local.set(sequence, tables)
    return tables
  }

  /** Tables of a batch; those of explicit positions belong to the caller's tidy scope. */
  forBatch(batch: TokenBatch): RopeTables {
    return batch.positions ? this.#upload(batch.positions, batch.rows) : this.local(batch.sequence)
  }

  dispose(): void {
    for (const { cos, sin } of this.#local.values()) tf.dispose([cos, sin])
    this.#local.clear()
  }

  #upload(positions: Int32Array, rows: number): RopeTables {
    const { cos, sin } = ropeAngles(positions, this.#headDim)
    const shape: [number, number, number] = [rows, positions.length / rows, this.#headDim / 2]
    return { cos: tf.tensor3d(cos, shape), sin: tf.tensor3d(sin, shape) }
  }
}

/** Targets that are not PAD. */
export function countTargets(targets: Int32Array): number {
  return targets.reduce((count, target) => count + (target === PAD ? 0 : 1), 0)
}

/** Rows [from, to) of a batch, without copying. */
export function sliceRows(batch: TokenBatch, from: number, to: number): TokenBatch {
  const part = (values: Int32Array) => values.subarray(from * batch.sequence, to * batch.sequence)
  return {
    tokens: part(batch.tokens),
    targets: part(batch.targets),
    ...(batch.positions ? { positions: part(batch.positions) } : {}),
    rows: to - from,
    sequence: batch.sequence,
  }
}
