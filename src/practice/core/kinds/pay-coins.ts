import { ExecutionFailure, refuse } from '../execution-failure.ts'
import { coinContents } from '../object-store.ts'
import { BPS } from '../staking-pool.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf, KindFees } from './arguments-of.ts'
import { requireCoin } from './require-coin.ts'

/** The full value rate on what is paid. */
export function payFee(scope: TransactionScope, kind: ArgumentsOf<'PayCoins'>, valueFeeBps: bigint): bigint {
  const held = kind.coins.reduce((sum, { objectId }) => sum + scope.balance(objectId), 0n)
  return ((kind.amounts === null ? held : total(kind.amounts)) * valueFeeBps) / BPS
}

/**
 * Merges the coins into the first, then pays each recipient out of it with a new coin; without amounts the one
 * recipient gets it all. The gas coin keeps what the fees take.
 */
export function payCoins(scope: TransactionScope, kind: ArgumentsOf<'PayCoins'>, fees: KindFees): void {
  const { amounts, recipients } = kind
  const [first, ...others] = kind.coins.map(({ objectId }) => objectId)
  if (first === undefined) throw invalid('Must provide at least one coin')
  if (recipients.length === 0) throw invalid('Must provide at least one recipient')
  if (new Set([first, ...others]).size !== kind.coins.length) throw invalid('A coin is named twice')
  if (amounts !== null && amounts.length !== recipients.length) {
    throw invalid(
      `Amounts and recipients must match. Got ${amounts.length} amounts and ${recipients.length} recipients`,
    )
  }
  if (amounts === null && recipients.length !== 1)
    throw invalid('All coins can only be paid to one recipient')

  const balance = [first, ...others].reduce((sum, id) => sum + requireCoin(scope, id), 0n)
  // A gas coin that is paid from stays the one that the fees are taken out of.
  const keep = scope.gasId !== undefined && others.includes(scope.gasId) ? scope.gasId : first
  const reserve = keep === scope.gasId ? fees.value + fees.perObject * BigInt(recipients.length + 1) : 0n
  const paid = amounts ?? [balance - reserve]
  if (paid.some((amount) => amount < 0n) || balance < total(paid) + reserve) refuse('InsufficientCoinBalance')
  for (const id of [first, ...others]) if (id !== keep) scope.delete(id)
  for (const [index, amount] of paid.entries()) {
    scope.create(scope.nextId(), 'Coin', { AddressOwner: recipients[index]! }, coinContents(amount))
  }
  const left = balance - total(paid)
  if (left === 0n) scope.delete(keep)
  else scope.setBalance(keep, left)
}

function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

function invalid(reason: string): ExecutionFailure {
  return new ExecutionFailure({ InvalidArguments: { reason } })
}
