import { normalArray } from '../arrgen/normal-array.ts'
import type { ForwardEngine, TokenBatch } from '../engine/engine.ts'
import { StudioError } from '../lib/studio-error.ts'
import { MAX_SEQUENCE, SIGREG_SLICES } from '../model/model-config.ts'
import { type TokenizedWindows, tokenizeWindows } from '../tokenizer/tokenize-windows.ts'

/** Chunks of one scoring batch. */
const BATCH_ROWS = 16

export interface ScoreOptions {
  /** Seed of the SIGReg noise; the network's own tools use 0. */
  readonly seed: bigint | number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  /** Bytes of a chunk and chunks of a batch; the network's 1,024 and 16 unless told. */
  readonly sequence?: number
  readonly batchRows?: number
}

export interface Score {
  /** The network's loss: cross-entropy over all positions plus 0.02 SIGReg, running mean over batches. */
  readonly loss: number
  /** Mean hidden state over all positions and chunks, running mean over batches, [dim], not normalised. */
  readonly embedding: Float32Array
  /** Nats per target that is not PAD over the whole data: unlike the loss, comparable between data sizes. */
  readonly crossEntropyPerByte: number
}

/**
 * What the network's scoring service computes for one model and one submission, protocol 8.7: chunks of 1,024
 * bytes at global positions, batches of 16, noise from arrgen (seed + batch number), PAD and EOS counted in the
 * mean. Deterministic; the service itself is so only up to 16 KiB.
 */
export async function scoreData(
  engine: ForwardEngine,
  data: Uint8Array,
  options: ScoreOptions,
): Promise<Score> {
  if (data.length === 0) {
    throw new StudioError('bad-input', 'There is nothing to score: the data is empty.', {
      hint: 'Choose data of at least one byte.',
    })
  }
  const { dim } = engine.config
  const windows = tokenizeWindows(data, options.sequence ?? MAX_SEQUENCE)
  const batchRows = options.batchRows ?? BATCH_ROWS
  const batches = Math.ceil(windows.rows / batchRows)
  const embedding = new Float64Array(dim)
  let loss = 0
  let nats = 0
  let targets = 0
  for (let number = 0; number < batches; number += 1) {
    options.signal?.throwIfAborted()
    const batch = rowsOf(windows, number * batchRows, Math.min(windows.rows, (number + 1) * batchRows))
    const noise = normalArray(BigInt(options.seed) + BigInt(number), dim * SIGREG_SLICES)
    const result = await engine.evaluate(batch, noise)
    const batchLoss = result.nats / (batch.rows * batch.sequence) + result.sigreg
    loss += (batchLoss - loss) / (number + 1)
    for (let unit = 0; unit < dim; unit += 1) {
      const mean = columnMean(result.rowMeans, unit, dim)
      embedding[unit] = embedding[unit]! + (mean - embedding[unit]!) / (number + 1)
    }
    nats += result.nats
    targets += result.targets
    options.onProgress?.(number + 1, batches)
  }
  return { loss, embedding: Float32Array.from(embedding), crossEntropyPerByte: nats / targets }
}

function rowsOf(windows: TokenizedWindows, from: number, to: number): TokenBatch {
  const part = (values: Int32Array) => values.subarray(from * windows.sequence, to * windows.sequence)
  return {
    tokens: part(windows.tokens),
    targets: part(windows.targets),
    positions: part(windows.positions),
    rows: to - from,
    sequence: windows.sequence,
  }
}

/** Mean of column `unit` of [rows, dim], summed in f64. */
function columnMean(values: Float32Array, unit: number, dim: number): number {
  let sum = 0
  for (let index = unit; index < values.length; index += dim) sum += values[index]!
  return (sum * dim) / values.length
}
