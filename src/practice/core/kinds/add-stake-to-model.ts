import type { TransactionKind } from '../../../chain/bcs/index.ts'
import { ExecutionFailure, refuse } from '../execution-failure.ts'
import { commonOf } from '../model-lifecycle.ts'
import { stakedSomaContents } from '../object-store.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import { requireCoin } from './require-coin.ts'

export type AddStakeToModelArguments = Extract<
  TransactionKind,
  { $kind: 'AddStakeToModel' }
>['AddStakeToModel']

/** Protocol 5.5: any sender, any model that is not inactive. The stake counts from the next epoch. */
export function addStakeToModel(
  scope: TransactionScope,
  kind: AddStakeToModelArguments,
  fees: { readonly value: bigint; readonly perObject: bigint },
): void {
  const { objectId } = kind.coinRef
  const balance = requireCoin(scope, objectId)
  const isGas = objectId === scope.gasId
  const reserve = isGas ? fees.value + 3n * fees.perObject : 0n
  const amount = kind.amount ?? balance - reserve
  if (amount < 0n || balance < amount + reserve) refuse('InsufficientCoinBalance')
  if (amount === 0n) {
    throw new ExecutionFailure({ InvalidArguments: { reason: 'Stake amount cannot be 0!' } })
  }
  const model = scope.state.modelRegistry.models.get(kind.modelId)
  if (model === undefined) refuse('ModelNotFound')
  if (model.$kind === 'Inactive') refuse('ModelAlreadyInactive')
  const pool = commonOf(model).stakingPool
  pool.pendingStake += amount
  if (amount === balance) scope.delete(objectId)
  else scope.setBalance(objectId, balance - amount)
  const contents = stakedSomaContents(pool.id, scope.state.epoch + 1n, amount)
  scope.create(scope.nextId(), 'StakedSoma', { AddressOwner: scope.sender }, contents)
}
