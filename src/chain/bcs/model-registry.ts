import { bcs } from '@mysten/bcs'
import { Manifest } from './manifest.ts'
import { Digest32, Id32, IdSet, U64 } from './primitives.ts'
import { SomaTensor } from './tensor.ts'
import { StakingPool } from './validator.ts'

const common = {
  owner: Id32,
  architectureVersion: U64,
  stakingPool: StakingPool,
  commissionRate: U64,
  nextEpochCommissionRate: U64,
}
const commitment = {
  manifest: Manifest,
  weightsCommitment: Digest32,
  embeddingCommitment: Digest32,
  decryptionKeyCommitment: Digest32,
}
const revealed = { decryptionKey: Digest32, embedding: SomaTensor }

export const PendingModelUpdate = bcs.struct('PendingModelUpdate', { ...commitment, commitEpoch: U64 })

export const ModelState = bcs.enum('ModelStateV1', {
  Created: bcs.struct('CreatedModel', { ...common, createEpoch: U64 }),
  Pending: bcs.struct('PendingModel', { ...common, ...commitment, commitEpoch: U64 }),
  Active: bcs.struct('ActiveModel', {
    ...common,
    ...commitment,
    ...revealed,
    pendingUpdate: bcs.option(PendingModelUpdate),
  }),
  Inactive: bcs.struct('InactiveModel', { ...common, ...commitment, ...revealed }),
})
export type ModelState = typeof ModelState.$inferType

const Wire = bcs.enum('Model', { V1: ModelState })

/** A registry entry; the version byte (V1 = 0) is hidden here. */
export const Model = Wire.transform<ModelState, typeof ModelState.$inferInput>({
  input: (V1) => ({ V1 }),
  output: ({ V1 }) => V1,
})

export const ModelRegistry = bcs.struct('ModelRegistry', {
  models: bcs.map(Id32, Model),
  /** Staking pool id to model id. */
  stakingPoolMappings: bcs.map(Id32, Id32),
  totalModelStake: U64,
  modelReportRecords: bcs.map(Id32, IdSet),
})
export type ModelRegistry = typeof ModelRegistry.$inferType
