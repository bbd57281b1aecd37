import { refuse } from '../execution-failure.ts'
import { coinContents } from '../object-store.ts'
import { BPS } from '../staking-pool.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf, KindFees } from './arguments-of.ts'
import { requireCoin } from './require-coin.ts'

/** The full value rate on what is moved. */
export function transferFee(
  scope: TransactionScope,
  kind: ArgumentsOf<'TransferCoin'>,
  valueFeeBps: bigint,
): bigint {
  return ((kind.amount ?? scope.balance(kind.coin.objectId)) * valueFeeBps) / BPS
}

/** Moves an amount into a new coin, or the whole coin object. The gas coin can only be split. */
export function transferCoin(
  scope: TransactionScope,
  kind: ArgumentsOf<'TransferCoin'>,
  fees: KindFees,
): void {
  const { objectId } = kind.coin
  const balance = requireCoin(scope, objectId)
  const isGas = objectId === scope.gasId
  if (kind.amount === null && !isGas) {
    scope.transfer(objectId, kind.recipient)
    return
  }
  // A gas coin must keep enough for the fees of the two objects that are written.
  const reserve = isGas ? fees.value + 2n * fees.perObject : 0n
  const amount = kind.amount ?? balance - reserve
  if (amount < 0n || balance < amount + reserve) refuse('InsufficientCoinBalance')
  if (amount === balance) scope.delete(objectId)
  else scope.setBalance(objectId, balance - amount)
  scope.create(scope.nextId(), 'Coin', { AddressOwner: kind.recipient }, coinContents(amount))
}
