import { refuse } from '../execution-failure.ts'
import { type CreateModelArguments, checkCreate, registerModel } from '../model-lifecycle.ts'
import { stakedSomaContents } from '../object-store.ts'
import { BPS } from '../staking-pool.ts'
import type { TransactionScope } from '../transaction-scope.ts'

/** Staking pays half the value rate, itself floored. */
export function stakeFee(amount: bigint, valueFeeBps: bigint): bigint {
  return (amount * (valueFeeBps / 2n)) / BPS
}

/** Protocol 5.1; creation numbers 0 model, 1 pool, 2 StakedSoma. The stake leaves the gas coin. */
export function createModel(scope: TransactionScope, kind: CreateModelArguments, valueFee: bigint): void {
  checkCreate(scope.state, kind)
  const gasId = scope.gasId!
  const balance = scope.balance(gasId)
  // Three objects are written: the stake, the gas coin and the system state.
  if (balance < kind.stakeAmount + valueFee + 3n * scope.state.parameters.writeObjectFee) {
    refuse('InsufficientCoinBalance')
  }
  const ids = { model: scope.nextId(), pool: scope.nextId() }
  registerModel(scope.state, scope.sender, ids, kind)
  scope.setBalance(gasId, balance - kind.stakeAmount)
  const contents = stakedSomaContents(ids.pool, scope.state.epoch + 1n, kind.stakeAmount)
  scope.create(scope.nextId(), 'StakedSoma', { AddressOwner: scope.sender }, contents)
}
