import type { ModelState, TargetV1 } from '../../chain/bcs/index.ts'
import type { SomaId } from '../../chain/ids.ts'
import { cosineDistance, SCORING_SEED, type Scorer, type SubmissionScore } from '../core/score-submission.ts'

export interface ScoringServices {
  readonly scorer: Scorer
  /** Bytes under a checksum, wherever they are hosted; throws where nobody hosts them. */
  readonly readBlob: (checksum: Uint8Array) => Promise<Uint8Array>
}

type ModelScore = Awaited<ReturnType<Scorer>>

/** Losses and embeddings of every data for every model; a model that cannot be loaded has no row. */
export interface ScoreMatrix {
  readonly rows: ReadonlyMap<SomaId, readonly ModelScore[]>
  /** Models that gave no score, with the reason. */
  readonly failed: readonly { readonly modelId: SomaId; readonly reason: string }[]
}

/** Scores each data with the actual weights of each model, model by model so that weights are loaded once. */
export async function scoreMatrix(
  models: ReadonlyMap<SomaId, ModelState>,
  ids: readonly SomaId[],
  data: readonly Uint8Array[],
  { scorer, readBlob }: ScoringServices,
): Promise<ScoreMatrix> {
  const rows = new Map<SomaId, ModelScore[]>()
  const failed: { modelId: SomaId; reason: string }[] = []
  for (const id of ids) {
    const model = models.get(id)
    if (model?.$kind !== 'Active') continue
    try {
      const weights = await readBlob(model.Active.manifest.checksum)
      const hosted = { id, weights, key: model.Active.decryptionKey }
      const row: ModelScore[] = []
      for (const bytes of data) row.push(await scorer(hosted, bytes, SCORING_SEED))
      rows.set(id, row)
    } catch (error) {
      failed.push({ modelId: id, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { rows, failed }
}

/** The winner among a target's models for one data: the lowest loss, the first one on ties. */
export function winnerOf(
  { rows }: ScoreMatrix,
  target: TargetV1,
  dataIndex: number,
): SubmissionScore | undefined {
  let best: SubmissionScore | undefined
  for (const modelId of target.modelIds) {
    const score = rows.get(modelId)?.[dataIndex]
    if (score === undefined || !(score.loss < (best?.loss ?? Number.POSITIVE_INFINITY))) continue
    const distance = cosineDistance(score.embedding, target.embedding.values)
    best = { modelId, loss: score.loss, embedding: score.embedding, distance }
  }
  return best
}
