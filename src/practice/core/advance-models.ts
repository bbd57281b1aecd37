import type { SystemState } from '../../chain/bcs/index.ts'
import { commonOf, deactivateUnrevealed } from './model-lifecycle.ts'
import { recordRate, settlePool, slashPool } from './staking-pool.ts'
import { hasQuorum } from './voting.ts'

/** The registry at the boundary to `newEpoch`, in the order of protocol 5.6. */
export function advanceModels(state: SystemState, newEpoch: bigint): void {
  slashReported(state, newEpoch)
  slashUncommitted(state, newEpoch)
  slashUnrevealed(state, newEpoch)
  dropStaleUpdates(state, newEpoch)
  settle(state, newEpoch)
}

function slashReported(state: SystemState, newEpoch: bigint): void {
  const { models, modelReportRecords } = state.modelRegistry
  for (const [id, reporters] of modelReportRecords) {
    const model = models.get(id)
    if (model?.$kind !== 'Active') continue
    if (!hasQuorum(state, reporters)) continue
    slashPool(model.Active.stakingPool, state.parameters.modelTallySlashRateBps, newEpoch)
    const { pendingUpdate: _, ...rest } = model.Active
    models.set(id, { $kind: 'Inactive', Inactive: rest })
  }
  modelReportRecords.clear()
}

/** The model stays Created and is slashed again at every later boundary, as upstream does. */
function slashUncommitted(state: SystemState, newEpoch: bigint): void {
  for (const model of state.modelRegistry.models.values()) {
    if (model.$kind !== 'Created' || model.Created.createEpoch + 1n >= newEpoch) continue
    slashPool(model.Created.stakingPool, state.parameters.modelRevealSlashRateBps, newEpoch)
  }
}

function slashUnrevealed(state: SystemState, newEpoch: bigint): void {
  for (const [id, model] of state.modelRegistry.models) {
    if (model.$kind !== 'Pending' || model.Pending.commitEpoch + 1n >= newEpoch) continue
    slashPool(model.Pending.stakingPool, state.parameters.modelRevealSlashRateBps, newEpoch)
    state.modelRegistry.models.set(id, deactivateUnrevealed(model))
  }
}

function dropStaleUpdates(state: SystemState, newEpoch: bigint): void {
  for (const model of state.modelRegistry.models.values()) {
    if (model.$kind !== 'Active' || model.Active.pendingUpdate === null) continue
    if (model.Active.pendingUpdate.commitEpoch + 1n < newEpoch) model.Active.pendingUpdate = null
  }
}

function settle(state: SystemState, newEpoch: bigint): void {
  let total = 0n
  for (const model of state.modelRegistry.models.values()) {
    if (model.$kind === 'Inactive') continue
    const { stakingPool } = commonOf(model)
    settlePool(stakingPool)
    if (model.$kind !== 'Active') continue
    model.Active.commissionRate = model.Active.nextEpochCommissionRate
    recordRate(stakingPool, newEpoch)
    total += stakingPool.somaBalance
  }
  state.modelRegistry.totalModelStake = total
}
