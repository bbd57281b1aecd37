import type { ForwardEngine, TokenBatch } from '../engine/engine.ts'
import { throwIfAborted } from '../lib/abort.ts'

export interface Validation {
  /** Nats per target over the whole set: all nats divided by all targets, not a mean of means. */
  readonly loss: number
  readonly bitsPerByte: number
  /** Mean over rows, with fixed noise, coefficient included. */
  readonly sigreg: number
}

/**
 * Forward over the validation windows, dropout off, local positions. `noise` is [dim, 256], always the same; without it
 * SIGReg is 0. Rejects with 'cancelled' between two batches.
 */
export async function validate(
  engine: ForwardEngine,
  batches: readonly TokenBatch[],
  noise?: Float32Array,
  signal?: AbortSignal,
): Promise<Validation> {
  let nats = 0
  let targets = 0
  let sigreg = 0
  let rows = 0
  for (const batch of batches) {
    throwIfAborted(signal)
    const result = await engine.evaluate(batch, noise)
    nats += result.nats
    targets += result.targets
    sigreg += result.sigreg * batch.rows
    rows += batch.rows
  }
  const loss = nats / targets
  return { loss, bitsPerByte: loss / Math.LN2, sigreg: sigreg / rows }
}
