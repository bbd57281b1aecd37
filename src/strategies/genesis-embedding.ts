import type { ForwardEngine } from '../engine/engine.ts'
import { StudioError } from '../lib/studio-error.ts'
import { encodeWindow } from '../tokenizer/encode-window.ts'
import { cosineDistance } from './cosine-distance.ts'

/** Windows of one call of the engine. */
const GROUP = 8

export interface GenesisEmbedding {
  /** [dim], L2 norm 1. */
  readonly embedding: Float32Array
  /** How many windows it is the mean of. */
  readonly windows: number
  /** Cosine between the means of the odd and the even windows; undefined for a single window. */
  readonly stability: number | undefined
}

export interface GenesisOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (windows: number) => void
}

/**
 * The embedding that a model is committed with: final hidden states of each window (at most 1,024 bytes, local
 * positions, no EOS or PAD) averaged over its positions, those averaged in f64 over the windows, then divided by the
 * L2 norm. Windows of one length that follow each other are computed together.
 */
export async function genesisEmbedding(
  engine: ForwardEngine,
  windows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: GenesisOptions = {},
): Promise<GenesisEmbedding> {
  const { dim } = engine.config
  const halves = [new Float64Array(dim), new Float64Array(dim)] as const
  let count = 0
  let group: Uint8Array[] = []
  const finishGroup = async () => {
    options.signal?.throwIfAborted()
    const means = await rowMeans(engine, group)
    for (let row = 0; row < group.length; row += 1) {
      const half = halves[(count + row) % 2 === 0 ? 0 : 1]
      for (let unit = 0; unit < dim; unit += 1) half[unit] = half[unit]! + means[row * dim + unit]!
    }
    count += group.length
    group = []
    options.onProgress?.(count)
  }
  for await (const window of windows) {
    if (window.length === 0) continue
    if (group.length === GROUP || (group.length > 0 && group[0]!.length !== window.length))
      await finishGroup()
    group.push(window)
  }
  if (group.length > 0) await finishGroup()

  const sum = halves[0].map((value, unit) => value + halves[1][unit]!)
  const norm = Math.sqrt(sum.reduce((total, value) => total + value * value, 0))
  if (!(norm > 0 && Number.isFinite(norm))) {
    throw new StudioError('bad-input', `The embedding of ${count} windows has the length ${norm}.`, {
      hint: 'Use data with at least one window, and a model whose weights are finite.',
    })
  }
  return {
    embedding: Float32Array.from(sum, (value) => value / norm),
    windows: count,
    stability: count > 1 ? 1 - cosineDistance(...halves) : undefined,
  }
}

async function rowMeans(engine: ForwardEngine, group: readonly Uint8Array[]): Promise<Float32Array> {
  const sequence = group[0]!.length
  const tokens = new Int32Array(group.length * sequence)
  const targets = new Int32Array(group.length * sequence)
  for (const [row, window] of group.entries()) encodeWindow(window, sequence, tokens, targets, row * sequence)
  return (await engine.evaluate({ tokens, targets, rows: group.length, sequence })).rowMeans
}
