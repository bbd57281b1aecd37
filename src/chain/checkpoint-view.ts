import { StudioError } from '../lib/studio-error.ts'
import { effectsView } from './effects-view.ts'
import type { Checkpoint } from './generated/soma/rpc/checkpoint_pb.js'
import type { ExecutedTransaction } from './generated/soma/rpc/executed_transaction_pb.js'
import { normaliseId, type SomaId } from './ids.ts'
import { timestampMs } from './timestamp-ms.ts'

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
}

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
  return {
    // Not `digest`, which a node may compute wrongly: the effects hold the stored one.
    digest: effects?.transactionDigest ?? executed.digest ?? '',
    kind,
    sender:
      transaction?.sender === undefined || SYSTEM_KINDS.includes(kind)
        ? null
        : normaliseId(transaction.sender),
    success: effects?.status === undefined ? null : effectsView(executed).success,
  }
}
