/** Where a source's bytes came from. */
export type SourceOrigin = 'file' | 'bundled' | 'target' | 'dataset'

/** Where exactly a source was fetched from, as names and values for people and for the run's record. */
export type Provenance = Readonly<Record<string, string>>

/** What the studio says about a corpus before it trains on it. */
export interface CorpusSummary {
  /** BLAKE2b-256 over the sources' digests in order, hex. */
  readonly digest: string
  readonly sources: readonly {
    readonly name: string
    readonly origin: SourceOrigin
    readonly bytes: number
    readonly digest: string
    /** Where it is not 1; see CorpusInput. */
    readonly weight?: number
    readonly provenance?: Provenance
  }[]
  readonly bytes: number
  /** Units of the split: documents, or parts where longer ones had to be cut. */
  readonly units: number
  readonly unitKind: 'document' | 'part'
  /** BLAKE2b-256 of which bytes are kept for validation, hex; absent in records from before it was stored. */
  readonly split?: string
  readonly trainWindows: number
  readonly validationWindows: number
  readonly trainBytes: number
  readonly validationBytes: number
  /** The first bytes of the first source, for a preview. */
  readonly preview: Uint8Array
  /** Sentences about what was left out and why. */
  readonly warnings: readonly string[]
}
