import { StudioError } from '../lib/studio-error.ts'
import type { ManifestValue } from './bcs/manifest.ts'
import { effectsView } from './effects-view.ts'
import type { Checkpoint } from './generated/soma/rpc/checkpoint_pb.js'
import type { ExecutedTransaction } from './generated/soma/rpc/executed_transaction_pb.js'
import type { TransactionKind } from './generated/soma/rpc/transaction_pb.js'
import { normaliseId, type SomaId } from './ids.ts'
import { timestampMs } from './timestamp-ms.ts'
import { manifestFromProto } from './transaction/from-proto.ts'

/** A transaction of a checkpoint, as far as a list of what happens needs it. */
export interface CheckpointTransaction {
  /** Base58. */
  readonly digest: string
  /** Protobuf name of its kind, as in 'createModel'; empty where the node does not say. */
  readonly kind: string
  /** Null for transactions of the network itself. */
  readonly sender: SomaId | null
  /** Null where the node sent no effects. */
  readonly success: boolean | null
  /** What it did to a model, where it succeeded in submitting data or revealing. */
  readonly modelEvent?: ModelEvent
}

/** What counts for a model's record: data that it won a target with, and a new embedding. */
export type ModelEvent =
  | {
      readonly kind: 'submission'
      readonly targetId: SomaId
      readonly modelId: SomaId
      readonly manifest: ManifestValue
    }
  | { readonly kind: 'reveal'; readonly modelId: SomaId }

export interface CheckpointView {
  readonly sequenceNumber: bigint
  readonly epoch: bigint
  readonly timestampMs: number
  readonly transactions: readonly CheckpointTransaction[]
}

const SYSTEM_KINDS: readonly string[] = ['genesis', 'consensusCommitPrologue', 'changeEpoch']

/** Throws 'corrupt' where the checkpoint has no number. */
export function checkpointView(checkpoint: Checkpoint | undefined): CheckpointView {
  const sequenceNumber = checkpoint?.sequenceNumber
  if (checkpoint === undefined || sequenceNumber === undefined) {
    throw new StudioError('corrupt', 'The node sent a checkpoint without its number.')
  }
  return {
    sequenceNumber,
    epoch: checkpoint.summary?.epoch ?? 0n,
    timestampMs: timestampMs(checkpoint.summary?.timestamp),
    transactions: checkpoint.transactions.map(transactionOf),
  }
}

function transactionOf(executed: ExecutedTransaction): CheckpointTransaction {
  const { effects, transaction } = executed
  const kind = transaction?.kind?.kind.case ?? ''
  const success = effects?.status === undefined ? null : effectsView(executed).success
  const modelEvent = success ? modelEventOf(transaction?.kind) : undefined
  return {
    // Not `digest`, which a node may compute wrongly: the effects hold the stored one.
    digest: effects?.transactionDigest ?? executed.digest ?? '',
    kind,
    sender:
      transaction?.sender === undefined || SYSTEM_KINDS.includes(kind)
        ? null
        : normaliseId(transaction.sender),
    success,
    ...(modelEvent ? { modelEvent } : {}),
  }
}

/** Throws 'bad-input' where a node tells of a submission or reveal without what it must have. */
function modelEventOf(message: TransactionKind | undefined): ModelEvent | undefined {
  const kind = message?.kind
  if (kind?.case === 'revealModel') return { kind: 'reveal', modelId: normaliseId(kind.value.modelId ?? '') }
  if (kind?.case !== 'submitData') return undefined
  const { targetId, modelId, dataManifest } = kind.value
  return {
    kind: 'submission',
    targetId: normaliseId(targetId ?? '', 'target id'),
    modelId: normaliseId(modelId ?? '', 'model id'),
    manifest: manifestFromProto(dataManifest?.manifest),
  }
}
