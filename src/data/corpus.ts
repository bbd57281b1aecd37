import type { ByteSource } from './byte-source.ts'
import type { CorpusSummary, Provenance, SourceOrigin } from './corpus-summary.ts'

export type Side = 'training' | 'validation'

/** What a person adds to a corpus: one dropped file, bundled text or target's data. */
export interface CorpusInput {
  readonly name: string
  readonly origin: SourceOrigin
  readonly source: ByteSource
  /** How often each window is trained on for each time a window of weight 1 is; 1 if absent, above 0. */
  readonly weight?: number
  /** Kept for what was fetched. */
  readonly provenance?: Provenance
}

/** One document: a source that could be read, with its BLAKE2b-256. */
export interface CorpusDocument extends CorpusInput {
  readonly digest: Uint8Array
}

/** Bytes [from, to) of one document. */
export interface CorpusPiece {
  /** Index into the corpus's documents. */
  readonly document: number
  readonly from: number
  readonly to: number
}

/** A piece that stands on one side of the split as a whole. */
export interface CorpusUnit extends CorpusPiece {
  /** Number of the unit within its document. */
  readonly block: number
}

/** Documents, cut and split; holds an index of units, never the bytes of a large corpus. */
export interface Corpus {
  readonly summary: CorpusSummary
  readonly documents: readonly CorpusDocument[]
  /** What stands on one side, in the order of the documents; pieces of one document never touch. */
  pieces(side: Side): readonly CorpusPiece[]
}
