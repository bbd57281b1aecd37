import { formatCount, formatPlural } from '../lib/format-count.ts'
import { createPermutation } from '../lib/permutation.ts'
import type { Corpus, CorpusPiece } from './corpus.ts'
import { lastNotAbove, readPiece } from './window-index.ts'

export interface GenesisOptions {
  /** Windows wanted; the network's customary sample has 256. */
  readonly count?: number
  /** Bytes of a window, at most 1,024. */
  readonly length?: number
  readonly seed: number
}

/** The sample that a model's embedding is averaged over. */
export interface GenesisSample {
  readonly windows: readonly Uint8Array[]
  /** What was sampled, and what was not there, as one or two sentences. */
  readonly note: string
}

/** Pieces read as one text. */
type Stretch = readonly CorpusPiece[]

/**
 * Windows at seeded random offsets inside training documents, without replacement: two windows may overlap but
 * never start at one place. Where the split was cut shows nowhere.
 * Fewer distinct windows: all. No piece that long: the pieces of one source joined, and where that is not enough,
 * of all sources. What is kept for validation is never read.
 */
export async function genesisWindows(
  corpus: Corpus,
  options: GenesisOptions,
  signal?: AbortSignal,
): Promise<GenesisSample> {
  const { count = 256, length = 1024, seed } = options
  const pieces = corpus.pieces('training')
  const size = formatCount(length)
  const ways: readonly (readonly [Stretch[], string])[] = [
    [pieces.map((piece) => [piece]), 'inside training documents'],
    [
      bySource(pieces),
      `in the joined training parts of single sources, because no document has ${size} training bytes in one piece`,
    ],
    [[pieces], `in all training documents joined, because no source has ${size} training bytes`],
  ]
  const fitting = ways.find(([stretches]) => stretches.some((stretch) => bytesIn(stretch) >= length))
  if (!fitting) {
    const all = await readStretch(corpus, pieces, 0, bytesIn(pieces), signal)
    return {
      windows: [all],
      note: `There are only ${formatCount(all.length)} bytes of training data, fewer than a window of ${size}: one window of all of them.`,
    }
  }
  const [stretches, where] = fitting
  // starts[i] is the number of distinct offsets before stretch i.
  const starts = new Float64Array(stretches.length + 1)
  for (const [i, stretch] of stretches.entries()) {
    starts[i + 1] = starts[i]! + Math.max(0, bytesIn(stretch) - length + 1)
  }
  const distinct = starts[stretches.length]!
  const taken = Math.min(count, distinct)
  const order = createPermutation(distinct, seed)
  const windows: Uint8Array[] = []
  for (let i = 0; i < taken; i += 1) {
    const offset = order(i)
    const at = lastNotAbove(starts, offset)
    const from = offset - starts[at]!
    windows.push(await readStretch(corpus, stretches[at]!, from, from + length, signal))
  }
  const sentence = `${formatPlural(taken, 'window')} of ${size} bytes at random offsets ${where}.`
  const fewer = `Only ${formatPlural(taken, 'different window')} exist, fewer than the ${formatCount(count)} wanted.`
  return { windows, note: taken < count ? `${sentence} ${fewer}` : sentence }
}

/** Pieces of one document follow each other. */
function bySource(pieces: readonly CorpusPiece[]): Stretch[] {
  const stretches: CorpusPiece[][] = []
  for (const piece of pieces) {
    const last = stretches.at(-1)
    if (last?.[0]?.document === piece.document) last.push(piece)
    else stretches.push([piece])
  }
  return stretches
}

function bytesIn(stretch: Stretch): number {
  return stretch.reduce((sum, piece) => sum + piece.to - piece.from, 0)
}

/** Bytes [from, to) of the pieces put end to end. */
async function readStretch(
  corpus: Corpus,
  stretch: Stretch,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from)
  let start = 0
  for (const piece of stretch) {
    const size = piece.to - piece.from
    const first = Math.max(from, start)
    const last = Math.min(to, start + size)
    if (first < last) {
      const part = await readPiece(
        corpus,
        piece,
        piece.from + first - start,
        piece.from + last - start,
        signal,
      )
      bytes.set(part, first - from)
    }
    start += size
  }
  return bytes
}
