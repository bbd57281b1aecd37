import { StudioError } from '../lib/studio-error.ts'
import type { TransactionFee } from './bcs/effects.ts'
import type { ExecutionFailureKind } from './bcs/failure-status.ts'
import type { ObjectRef } from './bcs/primitives.ts'
import { type FailureSentence, failureKind, failureSentence } from './failure-sentences.ts'
import { type ChangedObject, ChangedObject_IdOperation } from './generated/soma/rpc/effects_pb.js'
import type { ExecutedTransaction } from './generated/soma/rpc/executed_transaction_pb.js'
import { digestFromText, normaliseId, type SomaId } from './ids.ts'

export interface ChangeView {
  readonly objectId: SomaId
  /** 'Coin', 'StakedSoma', 'Target', 'SystemState'; empty where the node does not say. */
  readonly objectType: string
  readonly operation: 'created' | 'changed' | 'deleted'
  /** The object after the transaction; null where it is gone. */
  readonly ref: ObjectRef | null
  /** Its owner after the transaction; null where it is gone or not owned by an address. */
  readonly owner: SomaId | null
}

/** What a transaction did, or would do. */
export interface EffectsView {
  /** Base58. */
  readonly digest: string
  readonly success: boolean
  /** Why it failed; null on success. */
  readonly failure: (FailureSentence & { readonly kind: ExecutionFailureKind | 'Unknown' }) | null
  /** The epoch in which it was executed: the commit epoch of a CommitModel. */
  readonly epoch: bigint
  readonly fee: TransactionFee
  readonly changes: readonly ChangeView[]
  /** Shannons gained or lost by address. */
  readonly balanceChanges: ReadonlyMap<SomaId, bigint>
}

/** Effects out of a reply; throws 'corrupt' where they are missing. */
export function effectsView(reply: ExecutedTransaction | undefined): EffectsView {
  const effects = reply?.effects
  if (reply === undefined || effects?.status === undefined) {
    throw new StudioError('corrupt', 'The node answered without the effects of the transaction.')
  }
  const { success = false, error } = effects.status
  const details = error?.errorDetails.case === 'otherError' ? error.errorDetails.value : undefined
  const kind = failureKind(error?.description ?? '', details)
  const fee = effects.fee
  return {
    digest: effects.transactionDigest ?? '',
    success,
    failure: success ? null : { kind, ...failureSentence(kind, error?.description ?? details) },
    epoch: effects.epoch ?? 0n,
    fee: {
      baseFee: fee?.baseFee ?? 0n,
      operationFee: fee?.operationFee ?? 0n,
      valueFee: fee?.valueFee ?? 0n,
      totalFee: fee?.totalFee ?? 0n,
    },
    changes: effects.changedObjects.map(changeView),
    balanceChanges: new Map(
      reply.balanceChanges.map(({ address = '', amount = '0' }) => [
        normaliseId(address),
        shannonsOf(amount),
      ]),
    ),
  }
}

/** A signed decimal of at most 40 digits; a longer one would only waste time. */
function shannonsOf(text: string): bigint {
  if (/^-?\d{1,40}$/.test(text)) return BigInt(text)
  throw new StudioError('corrupt', 'The node sent a balance change that is not a number.')
}

/** The new reference of an object; undefined where the transaction did not write it. */
export function writtenRef(effects: EffectsView, objectId: SomaId): ObjectRef | undefined {
  return effects.changes.find((change) => change.objectId === objectId)?.ref ?? undefined
}

/** A failed transaction as an error to show. `charged`: it was executed, not only simulated. */
export function failureError(effects: EffectsView, charged: boolean): StudioError {
  const { message, hint } = effects.failure ?? failureSentence('Unknown')
  const cost = charged
    ? ` The base fee of ${effects.fee.totalFee} shannons was charged.`
    : ' Nothing was sent.'
  return new StudioError('refused', `${message}${cost}`, { hint })
}

function changeView(change: ChangedObject): ChangeView {
  const { objectId = '', objectType = '', idOperation, outputVersion, outputDigest, outputOwner } = change
  const id = normaliseId(objectId)
  const gone = idOperation === ChangedObject_IdOperation.DELETED || outputDigest === undefined
  const owner = outputOwner?.address
  return {
    objectId: id,
    objectType,
    operation: gone ? 'deleted' : idOperation === ChangedObject_IdOperation.CREATED ? 'created' : 'changed',
    ref: gone
      ? null
      : { objectId: id, version: outputVersion ?? 0n, digest: digestFromText(outputDigest ?? '') },
    owner: gone || owner === undefined ? null : normaliseId(owner),
  }
}
