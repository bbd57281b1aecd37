import { bcs } from '@mysten/bcs'
import { SubmissionManifest } from './manifest.ts'
import { Id32, IdSet, U64 } from './primitives.ts'
import { SomaTensor } from './tensor.ts'

export const TargetStatus = bcs.enum('TargetStatus', {
  Open: null,
  Filled: bcs.struct('Filled', { fillEpoch: U64 }),
  Claimed: null,
})

/** Value of a target object (no version byte). Distance, loss and embedding are what the submitter claimed. */
export const TargetV1 = bcs.struct('TargetV1', {
  embedding: SomaTensor,
  modelIds: bcs.vector(Id32),
  distanceThreshold: SomaTensor,
  rewardPool: U64,
  generationEpoch: U64,
  status: TargetStatus,
  submitter: bcs.option(Id32),
  winningModelId: bcs.option(Id32),
  winningModelOwner: bcs.option(Id32),
  bondAmount: U64,
  winningDataManifest: bcs.option(SubmissionManifest),
  winningEmbedding: bcs.option(SomaTensor),
  winningDistanceScore: bcs.option(SomaTensor),
  winningLossScore: bcs.option(SomaTensor),
  submissionReports: IdSet,
})
export type TargetV1 = typeof TargetV1.$inferType
export type TargetV1Input = typeof TargetV1.$inferInput
