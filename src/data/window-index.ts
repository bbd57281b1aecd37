import type { Corpus, CorpusPiece, Side } from './corpus.ts'

/** All windows of one side, numbered; a window is a slice of at most `sequence` bytes within one piece. */
export interface WindowIndex {
  readonly count: number
  readonly sequence: number
  /** Runs of windows of one weight; a single one where no source has a weight. */
  readonly spans: readonly { readonly from: number; readonly to: number; readonly weight: number }[]
  read(window: number, signal?: AbortSignal): Promise<Uint8Array>
}

/** Costs eight bytes a piece, nothing a window. */
export function createWindowIndex(corpus: Corpus, side: Side, sequence: number): WindowIndex {
  const pieces = corpus.pieces(side)
  // starts[i] is the number of windows before piece i.
  const starts = new Float64Array(pieces.length + 1)
  for (const [i, piece] of pieces.entries()) {
    starts[i + 1] = starts[i]! + Math.ceil((piece.to - piece.from) / sequence)
  }
  const count = starts[pieces.length]!
  return {
    count,
    sequence,
    spans: weightSpans(corpus, pieces, starts),
    async read(window, signal) {
      if (!(window >= 0 && window < count)) throw new RangeError(`Window ${window} is not below ${count}.`)
      const at = lastNotAbove(starts, window)
      const piece = pieces[at]!
      const from = piece.from + (window - starts[at]!) * sequence
      return readPiece(corpus, piece, from, Math.min(piece.to, from + sequence), signal)
    },
  }
}

function weightSpans(corpus: Corpus, pieces: readonly CorpusPiece[], starts: Float64Array) {
  const spans: { from: number; to: number; weight: number }[] = []
  for (const [i, piece] of pieces.entries()) {
    const weight = corpus.documents[piece.document]!.weight ?? 1
    const last = spans.at(-1)
    if (last?.weight === weight) last.to = starts[i + 1]!
    else spans.push({ from: starts[i]!, to: starts[i + 1]!, weight })
  }
  return spans
}

/** Bytes [from, to) of the piece's document. */
export function readPiece(
  corpus: Corpus,
  piece: Pick<CorpusPiece, 'document'>,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return corpus.documents[piece.document]!.source.slice(from, to, signal)
}

/** Index of the last entry that is at most `value`, by bisection; entries rise and the first is at most it. */
export function lastNotAbove(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}
