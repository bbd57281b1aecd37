import { refuse } from '../execution-failure.ts'
import { checkCreate, registerModel } from '../model-lifecycle.ts'
import { stakedSomaContents } from '../object-store.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf, KindFees } from './arguments-of.ts'

/** Protocol 5.1; creation numbers 0 model, 1 pool, 2 StakedSoma. The stake leaves the gas coin. */
export function createModel(scope: TransactionScope, kind: ArgumentsOf<'CreateModel'>, fees: KindFees): void {
  checkCreate(scope.state, kind)
  const gasId = scope.gasId!
  const balance = scope.balance(gasId)
  // Three objects are written: the stake, the gas coin and the system state.
  if (balance < kind.stakeAmount + fees.value + 3n * fees.perObject) {
    refuse('InsufficientCoinBalance')
  }
  const ids = { model: scope.nextId(), pool: scope.nextId() }
  registerModel(scope.state, scope.sender, ids, kind)
  scope.setBalance(gasId, balance - kind.stakeAmount)
  const contents = stakedSomaContents(ids.pool, scope.state.epoch + 1n, kind.stakeAmount)
  scope.create(scope.nextId(), 'StakedSoma', { AddressOwner: scope.sender }, contents)
}
