import { ExecutionFailure } from '../execution-failure.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf } from './arguments-of.ts'

/** Gives whole objects, coins or stakes, to another address. */
export function transferObjects(scope: TransactionScope, kind: ArgumentsOf<'TransferObjects'>): void {
  if (kind.objects.length === 0) {
    throw new ExecutionFailure({ InvalidArguments: { reason: 'Must provide at least one object' } })
  }
  for (const { objectId } of kind.objects) {
    if (scope.read(objectId) === undefined) throw new ExecutionFailure({ ObjectNotFound: { objectId } })
    if (objectId === scope.gasId) {
      throw new ExecutionFailure({ InvalidArguments: { reason: 'Cannot transfer the gas coin' } })
    }
    scope.transfer(objectId, kind.recipient)
  }
}
