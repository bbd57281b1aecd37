import type { ForwardEngine } from '../../engine/engine.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { MAX_SEQUENCE } from '../../model/model-config.ts'
import { tokenizeWindows } from '../../tokenizer/tokenize-windows.ts'
import { cosineDistance } from '../cosine-distance.ts'

/** Chunks of one call of the engine: a scoring batch. */
const GROUP = 16

export interface WonEmbedding {
  /** [dim], L2 norm 1. */
  readonly embedding: Float32Array
  /** Chunks averaged. */
  readonly sequences: number
  readonly submissions: number
  /** Sums of the chunks' vectors, f64 [dim] for each submission. */
  readonly parts: readonly Float64Array[]
}

export interface WonOptions {
  /** Averages over the positions that hold a byte, without EOS and PAD. */
  readonly realBytesOnly?: boolean
  /** Bytes of a chunk; the network's 1,024 unless told. */
  readonly sequence?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (submissions: number) => void
}

/**
 * The embedding of a model over all data it has won: every submission in chunks of 1,024 bytes at the scoring
 * contract's positions, each chunk averaged over all its positions, PAD included, then all chunks of all submissions
 * averaged with equal weight in f64, then divided by the L2 norm. Unlike a score, which is a mean of batch means.
 */
export async function wonEmbedding(
  engine: ForwardEngine,
  submissions: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: WonOptions = {},
): Promise<WonEmbedding> {
  const { dim } = engine.config
  const sum = new Float64Array(dim)
  const parts: Float64Array[] = []
  let sequences = 0
  for await (const data of submissions) {
    throwIfAborted(options.signal)
    const part = new Float64Array(dim)
    for await (const means of chunkMeans(engine, data, options)) {
      sequences += means.length / dim
      for (let index = 0; index < means.length; index += 1) part[index % dim]! += means[index]!
    }
    for (let unit = 0; unit < dim; unit += 1) sum[unit]! += part[unit]!
    parts.push(part)
    options.onProgress?.(parts.length)
  }
  const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0))
  if (!(norm > 0 && Number.isFinite(norm))) {
    throw new StudioError(
      'bad-input',
      `The embedding of ${parts.length} submissions has the length ${norm}.`,
      {
        hint: 'Use at least one submission that is not empty, and a model whose weights are finite.',
      },
    )
  }
  return {
    embedding: Float32Array.from(sum, (value) => value / norm),
    sequences,
    submissions: parts.length,
    parts,
  }
}

/** Mean hidden states of the chunks of one submission, some rows [n, dim] at a time. */
async function* chunkMeans(
  engine: ForwardEngine,
  data: Uint8Array,
  { realBytesOnly = false, sequence = MAX_SEQUENCE, signal }: WonOptions,
): AsyncGenerator<Float32Array> {
  // Attention is causal, so a last chunk without its EOS and PAD has the same states at its bytes.
  const short = data.length % sequence
  const full = realBytesOnly ? data.subarray(0, data.length - short) : data
  yield* rowMeansOf(engine, full, sequence, 0, signal)
  if (realBytesOnly && short > 0) {
    yield* rowMeansOf(engine, data.subarray(data.length - short), short, data.length - short, signal)
  }
}

async function* rowMeansOf(
  engine: ForwardEngine,
  data: Uint8Array,
  sequence: number,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Float32Array> {
  const windows = tokenizeWindows(data, sequence)
  for (let from = 0; from < windows.rows; from += GROUP) {
    throwIfAborted(signal)
    const rows = Math.min(GROUP, windows.rows - from)
    const part = (values: Int32Array) => values.subarray(from * sequence, (from + rows) * sequence)
    const { rowMeans } = await engine.evaluate({
      tokens: part(windows.tokens),
      targets: part(windows.targets),
      positions: part(windows.positions).map((position) => position + start),
      rows,
      sequence,
    })
    yield rowMeans
  }
}

export interface EmbeddingMove {
  /** 1 - cosine, 0 to 2. */
  readonly distance: number
  readonly degrees: number
}

/** How far an embedding moves; both of one dimension. */
export function embeddingMove(before: ArrayLike<number>, after: ArrayLike<number>): EmbeddingMove {
  const distance = Math.max(0, cosineDistance(before, after))
  return { distance, degrees: (Math.acos(Math.min(1, Math.max(-1, 1 - distance))) * 180) / Math.PI }
}
