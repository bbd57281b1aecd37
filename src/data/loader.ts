import { createPermutation } from '../lib/permutation.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { Corpus } from './corpus.ts'
import { type TokenRows, tokenRows } from './token-rows.ts'
import { createWindowIndex } from './window-index.ts'
import { evenOrder, weightedOrder } from './window-order.ts'

/** Where a loader stands; plain JSON, kept in checkpoints. */
export interface LoaderCursor {
  readonly seed: number
  readonly sequence: number
  /** Digest of the corpus, hex. */
  readonly corpus: string
  readonly epoch: number
  /** Windows of the epoch already given out. */
  readonly position: number
  /** Weights of the sources in their order, where any is not 1: a stream of other weights is another stream. */
  readonly weights?: readonly number[]
}

export interface LoaderOptions {
  readonly sequence: number
  /** Rows of a batch. */
  readonly microBatch: number
  readonly seed: number
  /** Goes on from here; 'bad-input' where it belongs to other data, another seed or another sequence. */
  readonly cursor?: LoaderCursor
}

/**
 * An endless stream of training batches, in an order that the seed decides: every window once in each epoch, or, where
 * sources have weights, as often as these say (see window-order.ts; an epoch is then a round of 4,096 windows).
 */
export interface Loader {
  readonly windowsPerEpoch: number
  /** The state before the next batch. */
  readonly cursor: LoaderCursor
  /** Always `microBatch` rows: a batch at the end of an epoch takes its last rows from the next one. */
  next(signal?: AbortSignal): Promise<TokenRows>
}

export function createLoader(corpus: Corpus, options: LoaderOptions): Loader {
  const { sequence, microBatch, seed } = options
  const windows = createWindowIndex(corpus, 'training', sequence)
  const weights = corpus.documents.map(({ weight = 1 }) => weight)
  const weighted = windows.spans.some(({ weight }) => weight !== windows.spans[0]!.weight)
  const start = { seed, sequence, corpus: corpus.summary.digest, ...(weighted ? { weights } : {}) }
  if (options.cursor) checkCursor(options.cursor, start)
  let cursor: LoaderCursor = options.cursor ?? { ...start, epoch: 0, position: 0 }
  const order = weighted ? weightedOrder(windows.spans, seed) : evenOrder(windows.count, seed)
  return {
    windowsPerEpoch: order.places,
    get cursor() {
      return cursor
    },
    async next(signal) {
      let { epoch, position } = cursor
      const picked: number[] = []
      while (picked.length < microBatch) {
        if (position === order.places) {
          epoch += 1
          position = 0
        }
        picked.push(order.window(epoch, position))
        position += 1
      }
      const rows = await Promise.all(picked.map((window) => windows.read(window, signal)))
      cursor = { ...start, epoch, position }
      return tokenRows(rows, sequence)
    },
  }
}

export interface ValidationOptions {
  readonly sequence: number
  readonly microBatch: number
  /** At most this many windows. */
  readonly limit: number
}

/** Validation batches, the same windows each time: a spread over the whole side where there are more than `limit`. */
export async function validationBatches(
  corpus: Corpus,
  options: ValidationOptions,
  signal?: AbortSignal,
): Promise<readonly TokenRows[]> {
  const { sequence, microBatch, limit } = options
  const windows = createWindowIndex(corpus, 'validation', sequence)
  const order = createPermutation(windows.count, 0)
  const picked = Array.from({ length: Math.min(limit, windows.count) }, (_, i) => order(i)).sort(
    (a, b) => a - b,
  )
  const batches: TokenRows[] = []
  for (let from = 0; from < picked.length; from += microBatch) {
    const part = picked.slice(from, from + microBatch)
    batches.push(tokenRows(await Promise.all(part.map((window) => windows.read(window, signal))), sequence))
  }
  return batches
}

function checkCursor(cursor: LoaderCursor, start: Omit<LoaderCursor, 'epoch' | 'position'>): void {
  const different = (['corpus', 'seed', 'sequence', 'weights'] as const).find(
    (key) => `${cursor[key]}` !== `${start[key]}`,
  )
  if (!different) return
  const what = { corpus: 'data', seed: 'seed', sequence: 'sequence', weights: 'mix of sources' }[different]
  throw new StudioError(
    'bad-input',
    `The run cannot go on: its ${what} is not the one it was started with.`,
    {
      hint: 'Give it the same files, seed and sequence again, or start a new run from its weights.',
    },
  )
}
