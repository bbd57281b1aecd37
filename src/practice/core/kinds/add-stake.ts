import type { StakingPool } from '../../../chain/bcs/index.ts'
import type { SomaId } from '../../../chain/ids.ts'
import { ExecutionFailure, refuse } from '../execution-failure.ts'
import { commonOf } from '../model-lifecycle.ts'
import { stakedSomaContents } from '../object-store.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf, KindFees } from './arguments-of.ts'
import { requireCoin } from './require-coin.ts'

/**
 * Protocol 5.5: any sender, any model that is not inactive. The stake counts from the next epoch, but in the
 * registry's total of an active model at once, as recorded.
 */
export function addStakeToModel(
  scope: TransactionScope,
  kind: ArgumentsOf<'AddStakeToModel'>,
  fees: KindFees,
): void {
  stake(scope, kind, fees, (amount) => {
    const model = scope.state.modelRegistry.models.get(kind.modelId)
    if (model === undefined) refuse('ModelNotFound')
    if (model.$kind === 'Inactive') refuse('ModelAlreadyInactive')
    if (model.$kind === 'Active') scope.state.modelRegistry.totalModelStake += amount
    return commonOf(model).stakingPool
  })
}

/** Stake with a validator of the current set. */
export function addStake(scope: TransactionScope, kind: ArgumentsOf<'AddStake'>, fees: KindFees): void {
  stake(scope, kind, fees, () => {
    const { validators } = scope.state.validators
    const validator = validators.find(({ metadata }) => metadata.somaAddress === kind.address)
    if (validator === undefined) refuse('ValidatorNotFound')
    return validator.stakingPool
  })
}

/** Moves an amount out of a coin, or all of it, into a pool; the gas coin keeps what the fees take. */
function stake(
  scope: TransactionScope,
  { coinRef, amount: asked }: { readonly coinRef: { objectId: SomaId }; readonly amount: bigint | null },
  fees: KindFees,
  findPool: (amount: bigint) => StakingPool,
): void {
  const { objectId } = coinRef
  const balance = requireCoin(scope, objectId)
  const reserve = objectId === scope.gasId ? fees.value + 3n * fees.perObject : 0n
  const amount = asked ?? balance - reserve
  if (amount < 0n || balance < amount + reserve) refuse('InsufficientCoinBalance')
  if (amount === 0n) {
    throw new ExecutionFailure({ InvalidArguments: { reason: 'Stake amount cannot be 0!' } })
  }
  const pool = findPool(amount)
  pool.pendingStake += amount
  if (amount === balance) scope.delete(objectId)
  else scope.setBalance(objectId, balance - amount)
  const contents = stakedSomaContents(pool.id, scope.state.epoch + 1n, amount)
  scope.create(scope.nextId(), 'StakedSoma', { AddressOwner: scope.sender }, contents)
}
