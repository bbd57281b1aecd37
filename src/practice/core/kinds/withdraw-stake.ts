import { StakedSomaValue, type StakingPool, type SystemState } from '../../../chain/bcs/index.ts'
import type { SomaId } from '../../../chain/ids.ts'
import { ExecutionFailure, refuse } from '../execution-failure.ts'
import { commonOf } from '../model-lifecycle.ts'
import { coinContents } from '../object-store.ts'
import { withdrawFromPool } from '../staking-pool.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf } from './arguments-of.ts'

/** Principal of a stake object, which the fee is taken on; 0 where it is no stake. */
export function stakedPrincipal(scope: TransactionScope, objectId: SomaId): bigint {
  const object = scope.read(objectId)
  return object?.objectType === 'StakedSoma' ? StakedSomaValue.parse(object.contents).principal : 0n
}

/**
 * Turns a stake object into a coin: principal and rewards, or what a slash has left of them. Deviation: a node
 * pays the whole principal of a slashed model.
 */
export function withdrawStake(scope: TransactionScope, kind: ArgumentsOf<'WithdrawStake'>): void {
  const { objectId } = kind.stakedSoma
  const object = scope.read(objectId)
  if (object === undefined) throw new ExecutionFailure({ ObjectNotFound: { objectId } })
  if (object.objectType !== 'StakedSoma') {
    const actualType = { [object.objectType]: true } as { Coin: true }
    const expectedType = { StakedSoma: true } as const
    throw new ExecutionFailure({ InvalidObjectType: { objectId, expectedType, actualType } })
  }
  const staked = StakedSomaValue.parse(object.contents)
  const pool = findPool(scope.state, staked.poolId)
  if (pool === undefined) refuse('StakingPoolNotFound')
  const amount = withdrawFromPool(pool, staked, scope.state.epoch)
  scope.delete(objectId)
  scope.create(scope.nextId(), 'Coin', { AddressOwner: scope.sender }, coinContents(amount))
}

function findPool({ modelRegistry, validators }: SystemState, poolId: SomaId): StakingPool | undefined {
  const modelId = modelRegistry.stakingPoolMappings.get(poolId)
  const model = modelId === undefined ? undefined : modelRegistry.models.get(modelId)
  if (model !== undefined) return commonOf(model).stakingPool
  return validators.validators.find(({ stakingPool }) => stakingPool.id === poolId)?.stakingPool
}
