import { TargetV1 } from '../../chain/bcs/index.ts'
import type { SomaId } from '../../chain/ids.ts'
import type { PracticeNetwork } from './network.ts'
import { NodeError } from './node-error.ts'

/** A revealed model as anyone can download it: hosted bytes and the key that the registry shows. */
export interface HostedModel {
  readonly id: SomaId
  readonly weights: Uint8Array
  readonly key: Uint8Array
}

/** Computes the scoring contract (protocol 8.7, items 1 to 4) for one model; injected, because it needs an engine. */
export type Scorer = (
  model: HostedModel,
  data: Uint8Array,
  seed: bigint,
) => Promise<{ readonly loss: number; readonly embedding: Float32Array }>

/** What a submitter claims for a target. */
export interface SubmissionScore {
  readonly modelId: SomaId
  readonly loss: number
  /** Cosine distance between the winner's embedding of the data and the target. */
  readonly distance: number
  readonly embedding: Float32Array
}

/** The seed that everyone scores with. */
export const SCORING_SEED = 0n

/** Scores data with each of a target's models: the lowest loss wins, the first one on ties. */
export async function scoreSubmission(
  network: PracticeNetwork,
  targetId: SomaId,
  data: Uint8Array,
  services: { readonly scorer: Scorer; readonly readBlob: (checksum: Uint8Array) => Promise<Uint8Array> },
): Promise<SubmissionScore> {
  const object = network.objects.get(targetId)
  if (object?.objectType !== 'Target') throw new NodeError('notFound', `Target ${targetId} not found`)
  const target = TargetV1.parse(object.contents)
  const { models } = network.state().modelRegistry
  let best: SubmissionScore | undefined
  for (const id of target.modelIds) {
    const model = models.get(id)
    if (model?.$kind !== 'Active') continue
    const weights = await services.readBlob(model.Active.manifest.checksum)
    const hosted = { id, weights, key: model.Active.decryptionKey }
    const { loss, embedding } = await services.scorer(hosted, data, SCORING_SEED)
    if (best !== undefined && loss >= best.loss) continue
    best = { modelId: id, loss, embedding, distance: cosineDistance(embedding, target.embedding.values) }
  }
  if (best === undefined) throw new NodeError('failedPrecondition', `Target ${targetId} has no active model`)
  return best
}

/** 1 - cos, as f32, without a floor: a zero vector gives NaN. */
export function cosineDistance(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0]
  a.forEach((value, index) => {
    dot += value * b[index]!
    aa += value * value
    bb += b[index]! * b[index]!
  })
  return Math.fround(1 - dot / Math.sqrt(aa * bb))
}
