import {
  type ExecutionFailureStatus,
  SystemState,
  type TransactionData,
  TransactionEffects,
  type TransactionEffectsInput,
  type TransactionKind,
} from '../../chain/bcs/index.ts'
import { SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { ExecutionFailure, refuse } from './execution-failure.ts'
import { runKind, valueFee } from './kinds/run-kind.ts'
import type { ObjectReader, StoredObject } from './object-store.ts'
import { inputsOf, resolveInputs } from './transaction-inputs.ts'
import { type ObjectChange, TransactionScope } from './transaction-scope.ts'

/** What a transaction did, not yet applied. */
export interface Outcome {
  readonly effects: TransactionEffects
  readonly changes: readonly ObjectChange[]
}

interface Fees {
  readonly base: bigint
  readonly operation: bigint
  readonly value: bigint
}

type Parameters = SystemState['parameters']

/**
 * Runs one user transaction against the store without changing it. Order and amounts of protocol 4.5: gas coins
 * are merged, the base fee is taken, the kind runs, then the value fee and 300 for each object that is written
 * are taken; a failure keeps the base fee only. Throws NodeError where a node would not execute at all.
 */
export function executeTransaction(
  objects: ObjectReader,
  data: TransactionData,
  digest: Uint8Array,
  mockGas?: StoredObject,
): Outcome {
  const stateObject = objects.get(SYSTEM_STATE_ID)!
  const { epoch, parameters } = SystemState.parse(stateObject.contents)
  const store = mockGas === undefined ? objects : withMock(objects, mockGas)
  const inputs = resolveInputs(store, data.sender, data.gasPayment, inputsOf(data.kind))
  const gasId = data.gasPayment[0]!.objectId
  const scope = new TransactionScope(digest, data.sender, gasId, inputs)

  mergeGas(scope, data)
  const base = takeBaseFee(scope, parameters)
  const rollBack = scope.checkpoint()
  let failure: ExecutionFailureStatus | undefined
  let fees: Fees = { base, operation: 0n, value: 0n }
  try {
    if (base < parameters.baseFee) refuse('InsufficientGas')
    fees = { base, ...runAndCharge(scope, data.kind, parameters) }
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error
    failure = error.status
    rollBack()
  }
  if (scope.balance(gasId) === 0n) scope.delete(gasId)
  const changes = scope.changes()
  return { effects: buildEffects(scope, changes, epoch, fees, failure), changes }
}

/** Effects in their decoded form. */
export function buildEffects(
  scope: TransactionScope,
  changes: readonly ObjectChange[],
  epoch: bigint,
  fees: Fees,
  failure?: ExecutionFailureStatus,
): TransactionEffects {
  const gasIndex = changes.findIndex(({ id }) => id === scope.gasId)
  const bytes = TransactionEffects.serialize({
    status: failure === undefined ? { Success: true } : { Failure: { error: failure } },
    executedEpoch: epoch,
    transactionFee: {
      baseFee: fees.base,
      operationFee: fees.operation,
      valueFee: fees.value,
      totalFee: fees.base + fees.operation + fees.value,
    },
    transactionDigest: scope.digest,
    gasObjectIndex: gasIndex < 0 ? null : gasIndex,
    dependencies: scope.dependencies(),
    version: scope.lamportVersion(),
    changedObjects: changes.map(changedObject),
    unchangedSharedObjects: [],
  }).toBytes()
  return TransactionEffects.parse(bytes)
}

type ChangedObjects = TransactionEffectsInput['changedObjects']
type ChangedObjectInput = ChangedObjects extends Iterable<infer Change> ? Change : never

function changedObject({ id, before, after }: ObjectChange): ChangedObjectInput {
  const idOperation =
    before === undefined
      ? { Created: true as const }
      : after === undefined
        ? { Deleted: true as const }
        : { None: true as const }
  return [
    id,
    {
      inputState: before ? { Exist: [[before.version, before.digest], before.owner] } : { NotExist: true },
      outputState: after ? { ObjectWrite: [after.digest, after.owner] } : { NotExist: true },
      idOperation,
    },
  ]
}

/** Several gas coins become one: the first keeps all, the others are deleted. */
function mergeGas(scope: TransactionScope, data: TransactionData): void {
  const [first, ...others] = data.gasPayment.map(({ objectId }) => objectId)
  if (others.length === 0) return
  const total = data.gasPayment.reduce((sum, { objectId }) => sum + scope.balance(objectId), 0n)
  for (const id of others) scope.delete(id)
  scope.setBalance(first!, total)
}

/** Takes the base fee, or all there is where the coin holds less. */
function takeBaseFee(scope: TransactionScope, { baseFee }: Parameters): bigint {
  const balance = scope.balance(scope.gasId!)
  const taken = balance < baseFee ? balance : baseFee
  scope.setBalance(scope.gasId!, balance - taken)
  return taken
}

function runAndCharge(
  scope: TransactionScope,
  kind: TransactionKind,
  parameters: Parameters,
): { operation: bigint; value: bigint } {
  const value = valueFee(scope, kind, parameters)
  runKind(scope, kind, { value, perObject: parameters.writeObjectFee })
  scope.flushState()
  const operation = parameters.writeObjectFee * BigInt(scope.writtenCount())
  const balance = scope.balance(scope.gasId!)
  if (balance < operation + value) refuse('InsufficientGas')
  scope.setBalance(scope.gasId!, balance - operation - value)
  return { operation, value }
}

/** The store with one object more, which only this transaction sees. */
function withMock(objects: ObjectReader, mock: StoredObject): ObjectReader {
  return { get: (id) => (id === mock.objectId ? mock : objects.get(id)) }
}
