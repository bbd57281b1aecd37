import type { EmbeddingReport } from '../protocol.ts'

/** Everything that an embedding follows from. */
export interface EmbeddingInputs {
  readonly runId: string
  readonly corpus: string
  readonly weights: string
  readonly seed: number
  readonly windows: number
}

/** Embeddings of this visit, each made once: at the V1 layout one takes minutes, and a commit may be begun again. */
export class EmbeddingMemory {
  readonly #made = new Map<string, EmbeddingReport>()

  /** A copy of its own for each reader, since a message may take it away. */
  find(inputs: EmbeddingInputs): EmbeddingReport | null {
    const known = this.#made.get(keyOf(inputs))
    return known ? { ...known, embedding: known.embedding.slice() } : null
  }

  keep(inputs: EmbeddingInputs, report: EmbeddingReport): void {
    this.#made.set(keyOf(inputs), { ...report, embedding: report.embedding.slice() })
  }
}

function keyOf({ runId, corpus, weights, seed, windows }: EmbeddingInputs): string {
  return JSON.stringify([runId, corpus, weights, seed, windows])
}
