import type { SomaId } from '../../../chain/ids.ts'
import { ExecutionFailure } from '../execution-failure.ts'
import type { TransactionScope } from '../transaction-scope.ts'

/** Balance of a coin that the transaction names; fails where it was merged into the gas coin or is no coin. */
export function requireCoin(scope: TransactionScope, objectId: SomaId): bigint {
  const object = scope.read(objectId)
  if (object === undefined) throw new ExecutionFailure({ ObjectNotFound: { objectId } })
  if (object.objectType !== 'Coin') {
    const actualType = { [object.objectType]: true } as { Coin: true }
    throw new ExecutionFailure({ InvalidObjectType: { objectId, expectedType: { Coin: true }, actualType } })
  }
  return scope.balance(objectId)
}
