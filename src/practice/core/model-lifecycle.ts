import { type ModelState, SomaTensor, type SystemState, vectorTensor } from '../../chain/bcs/index.ts'
import { blake2b256 } from '../../chain/digests.ts'
import type { SomaId } from '../../chain/ids.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { ExecutionFailure, refuse } from './execution-failure.ts'
import type { ArgumentsOf } from './kinds/arguments-of.ts'
import { activatePool, BPS, newStakingPool, settlePool } from './staking-pool.ts'

type Variant<K extends ModelState['$kind']> = Extract<ModelState, { $kind: K }>

/** Checks of protocol 5.1 that need no coin, in order. */
export function checkCreate(state: SystemState, kind: ArgumentsOf<'CreateModel'>): void {
  if (kind.architectureVersion !== state.parameters.modelArchitectureVersion) {
    refuse('ModelArchitectureVersionMismatch')
  }
  if (kind.stakeAmount < state.parameters.modelMinStake) refuse('ModelMinStakeNotMet')
  if (kind.commissionRate > BPS) refuse('ModelCommissionRateTooHigh')
}

/** Registers a model in state Created with its whole stake in a pool that is not active yet. */
export function registerModel(
  state: SystemState,
  owner: SomaId,
  ids: { readonly model: SomaId; readonly pool: SomaId },
  kind: ArgumentsOf<'CreateModel'>,
): void {
  const stakingPool = newStakingPool(ids.pool)
  stakingPool.pendingStake = kind.stakeAmount
  settlePool(stakingPool)
  state.modelRegistry.models.set(ids.model, {
    $kind: 'Created',
    Created: {
      owner,
      architectureVersion: kind.architectureVersion,
      stakingPool,
      commissionRate: kind.commissionRate,
      nextEpochCommissionRate: kind.commissionRate,
      createEpoch: state.epoch,
    },
  })
  state.modelRegistry.stakingPoolMappings.set(ids.pool, ids.model)
}

/** Protocol 5.2: Created becomes Pending; on an Active model it sets or overwrites the pending update. */
export function commitModel(state: SystemState, sender: SomaId, kind: ArgumentsOf<'CommitModel'>): void {
  const model = ownModel(state, sender, kind.modelId)
  const { manifest, weightsCommitment, embeddingCommitment, decryptionKeyCommitment } = kind
  const commitment = {
    manifest,
    weightsCommitment,
    embeddingCommitment,
    decryptionKeyCommitment,
    commitEpoch: state.epoch,
  }
  if (model.$kind === 'Created') {
    const { createEpoch: _, ...common } = model.Created
    state.modelRegistry.models.set(kind.modelId, { $kind: 'Pending', Pending: { ...common, ...commitment } })
  } else if (model.$kind === 'Active') {
    model.Active.pendingUpdate = commitment
  } else {
    refuse('ModelInvalidState')
  }
}

/**
 * Protocol 5.3: only in the epoch after the commit; then the key's commitment, then the embedding's.
 * Deviation: an embedding of another dimension is refused, because upstream would halt at the next epoch.
 */
export function revealModel(state: SystemState, sender: SomaId, kind: ArgumentsOf<'RevealModel'>): void {
  const model = ownModel(state, sender, kind.modelId)
  if (model.$kind === 'Pending') {
    checkReveal(state, model.Pending, kind)
    activate(state, kind, model.Pending)
  } else if (model.$kind === 'Active') {
    const update = model.Active.pendingUpdate
    if (update === null) refuse('ModelNoPendingUpdate')
    checkReveal(state, update, kind)
    const { commitEpoch: _, ...commitment } = update
    const { decryptionKey, embedding } = kind
    Object.assign(model.Active, commitment, { decryptionKey, embedding, pendingUpdate: null })
  } else {
    refuse('ModelInvalidState')
  }
}

/** Protocol 5.5: the owner of an active model; in force from the next epoch. */
export function setModelCommissionRate(
  state: SystemState,
  sender: SomaId,
  kind: ArgumentsOf<'SetModelCommissionRate'>,
): void {
  const model = ownModel(state, sender, kind.modelId)
  if (model.$kind !== 'Active') refuse('ModelNotActive')
  if (kind.newRate > BPS) refuse('ModelCommissionRateTooHigh')
  model.Active.nextEpochCommissionRate = kind.newRate
}

/** Protocol 5.5: the owner of an active model, at once and for good; its stake can then be withdrawn. */
export function deactivateModel(
  state: SystemState,
  sender: SomaId,
  kind: ArgumentsOf<'DeactivateModel'>,
): void {
  const model = ownModel(state, sender, kind.modelId)
  if (model.$kind !== 'Active') refuse('ModelNotActive')
  const { pendingUpdate: _, ...rest } = model.Active
  rest.stakingPool.deactivationEpoch = state.epoch
  state.modelRegistry.totalModelStake -= rest.stakingPool.somaBalance
  state.modelRegistry.models.set(kind.modelId, { $kind: 'Inactive', Inactive: rest })
}

/** A model that missed its reveal: no key and no embedding were ever shown. */
export function deactivateUnrevealed(model: Variant<'Pending'>): ModelState {
  const { commitEpoch: _, ...common } = model.Pending
  return {
    $kind: 'Inactive',
    Inactive: { ...common, decryptionKey: new Uint8Array(32), embedding: vectorTensor([]) },
  }
}

function activate(
  state: SystemState,
  kind: ArgumentsOf<'RevealModel'>,
  pending: Variant<'Pending'>['Pending'],
): void {
  const { commitEpoch: _, ...common } = pending
  const { decryptionKey, embedding } = kind
  activatePool(common.stakingPool, state.epoch)
  state.modelRegistry.totalModelStake += common.stakingPool.somaBalance
  state.modelRegistry.models.set(kind.modelId, {
    $kind: 'Active',
    Active: { ...common, decryptionKey, embedding, pendingUpdate: null },
  })
}

interface Commitment {
  readonly commitEpoch: bigint
  readonly decryptionKeyCommitment: Uint8Array
  readonly embeddingCommitment: Uint8Array
}

function checkReveal(state: SystemState, commitment: Commitment, kind: ArgumentsOf<'RevealModel'>): void {
  if (state.epoch !== commitment.commitEpoch + 1n) refuse('ModelRevealEpochMismatch')
  if (!equalBytes(blake2b256(kind.decryptionKey), commitment.decryptionKeyCommitment)) {
    refuse('ModelDecryptionKeyCommitmentMismatch')
  }
  const embedding = SomaTensor.serialize(kind.embedding).toBytes()
  if (!equalBytes(blake2b256(embedding), commitment.embeddingCommitment)) {
    refuse('ModelEmbeddingCommitmentMismatch')
  }
  const { shape, values } = kind.embedding
  const expected = state.parameters.targetEmbeddingDim
  if (shape.length !== 1 || BigInt(values.length) !== expected) {
    throw new ExecutionFailure({
      EmbeddingDimensionMismatch: { expected, actual: BigInt(values.length) },
    })
  }
}

/** The registry's entry, which must belong to `sender`. */
function ownModel(state: SystemState, sender: SomaId, modelId: SomaId): ModelState {
  const model = state.modelRegistry.models.get(modelId)
  if (model === undefined) refuse('ModelNotFound')
  if (commonOf(model).owner !== sender) refuse('NotModelOwner')
  return model
}

/** What every state of a model has: owner, pool, commission. */
export function commonOf(
  model: ModelState,
):
  | Variant<'Created'>['Created']
  | Variant<'Pending'>['Pending']
  | Variant<'Active'>['Active']
  | Variant<'Inactive'>['Inactive'] {
  switch (model.$kind) {
    case 'Created':
      return model.Created
    case 'Pending':
      return model.Pending
    case 'Active':
      return model.Active
    case 'Inactive':
      return model.Inactive
  }
}
