import { type ManifestValue, scalarOf, TargetV1 } from './bcs/index.ts'
import { decodeExact } from './bcs/primitives.ts'
import type { Target } from './generated/soma/rpc/system_state_pb.js'
import { normaliseId, type SomaId } from './ids.ts'

export const targetStatuses = ['open', 'filled', 'claimed', 'expired', 'claimable'] as const
export type TargetStatusName = (typeof targetStatuses)[number]

/** A target as listed. Manifest, loss and distance are only in the object: see `FilledTargetView`. */
export interface TargetView {
  readonly id: SomaId
  /** Expired targets, and filled ones past the audit window, are listed as 'claimable'. */
  readonly status: string
  readonly generationEpoch: bigint
  readonly fillEpoch: bigint | null
  /** Shannons. */
  readonly rewardPool: bigint
  readonly distanceThreshold: number | null
  /** Empty where it was not asked for. */
  readonly embedding: Float32Array
  readonly modelIds: readonly SomaId[]
  readonly submitter: SomaId | null
  readonly winningModelId: SomaId | null
  readonly bondAmount: bigint
}

/** A target out of a list; ids are brought to full length (nodes drop leading zeros). */
export function targetView(target: Target): TargetView {
  return {
    id: normaliseId(target.id ?? '', 'target id'),
    status: target.status ?? '',
    generationEpoch: target.generationEpoch ?? 0n,
    fillEpoch: target.fillEpoch ?? null,
    rewardPool: target.rewardPool ?? 0n,
    distanceThreshold: target.distanceThreshold ?? null,
    embedding: Float32Array.from(target.embedding),
    modelIds: target.modelIds.map((id) => normaliseId(id)),
    submitter: optionalId(target.submitter),
    winningModelId: optionalId(target.winningModelId),
    bondAmount: target.bondAmount ?? 0n,
  }
}

/** What a submission claimed: the chain does not recompute loss, distance or embedding. */
export interface SubmissionView {
  readonly submitter: SomaId
  readonly modelId: SomaId
  readonly modelOwner: SomaId
  readonly manifest: ManifestValue
  readonly embedding: Float32Array
  readonly distance: number
  /** One value, or one for each model that was scored. */
  readonly losses: readonly number[]
}

/** A target read as an object, with everything that the list leaves out. */
export interface TargetObjectView extends TargetView {
  /** Null while the target is open. */
  readonly submission: SubmissionView | null
}

/** A target out of the BCS contents of its object; throws 'corrupt'. */
export function targetObjectView(id: SomaId, contents: Uint8Array): TargetObjectView {
  const target = decodeExact(TargetV1, contents, 'target')
  return {
    id,
    status: target.status.$kind.toLowerCase(),
    generationEpoch: target.generationEpoch,
    fillEpoch: target.status.$kind === 'Filled' ? target.status.Filled.fillEpoch : null,
    rewardPool: target.rewardPool,
    distanceThreshold: scalarOf(target.distanceThreshold),
    embedding: target.embedding.values,
    modelIds: target.modelIds,
    submitter: target.submitter,
    winningModelId: target.winningModelId,
    bondAmount: target.bondAmount,
    submission: submissionView(target),
  }
}

function submissionView(target: TargetV1): SubmissionView | null {
  const { submitter, winningModelId, winningModelOwner, winningDataManifest } = target
  const { winningEmbedding, winningDistanceScore, winningLossScore } = target
  if (!submitter || !winningModelId || !winningModelOwner || !winningDataManifest) return null
  if (!winningEmbedding || !winningDistanceScore || !winningLossScore) return null
  return {
    submitter,
    modelId: winningModelId,
    modelOwner: winningModelOwner,
    manifest: winningDataManifest.manifest,
    embedding: winningEmbedding.values,
    distance: scalarOf(winningDistanceScore),
    losses: [...winningLossScore.values],
  }
}

function optionalId(text: string | undefined): SomaId | null {
  return text === undefined || text === '' ? null : normaliseId(text)
}
