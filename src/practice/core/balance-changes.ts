import type { SomaId } from '../../chain/ids.ts'
import { coinBalance, ownerAddress, type StoredObject } from './object-store.ts'
import type { ObjectChange } from './transaction-scope.ts'

export interface BalanceChange {
  readonly address: SomaId
  /** Shannons, signed; coins only. */
  readonly amount: bigint
}

/** What each address gained or lost in coins, in the order of addresses, without zeros. */
export function balanceChanges(changes: readonly ObjectChange[]): BalanceChange[] {
  const sums = new Map<SomaId, bigint>()
  const add = (object: StoredObject | undefined, sign: bigint) => {
    const owner = object && ownerAddress(object)
    if (owner === undefined) return
    sums.set(owner, (sums.get(owner) ?? 0n) + sign * (coinBalance(object!) ?? 0n))
  }
  for (const { before, after } of changes) {
    add(before, -1n)
    add(after, 1n)
  }
  return [...sums]
    .filter(([, amount]) => amount !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, amount]) => ({ address, amount }))
}
