import { bcs } from '@mysten/bcs'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { TransactionEffects } from '../../chain/bcs/index.ts'
import { blake2b256, effectsDigest } from '../../chain/digests.ts'
import type { CheckpointRecord, TransactionRecord } from './records.ts'

/** What our digest of a checkpoint is taken over; a node's summary has more, and is signed. */
const Summary = bcs.struct('Summary', {
  epoch: bcs.u64(),
  sequence: bcs.u64(),
  content: bcs.byteVector(),
  previous: bcs.byteVector(),
})

/** Digest of what a checkpoint holds: its transaction and effects. */
export function contentDigest({ digest, effects }: TransactionRecord): Uint8Array {
  const bytes = TransactionEffects.serialize(effects).toBytes()
  return blake2b256(utf8ToBytes('CheckpointContents::'), digest, effectsDigest(bytes))
}

/** The checkpoint after `previous` that holds one transaction. Fees add up over an epoch. */
export function nextCheckpoint(
  previous: CheckpointRecord,
  record: TransactionRecord,
  opensEpoch: boolean,
): CheckpointRecord {
  const { executedEpoch: epoch, transactionFee: fee } = record.effects
  const sequence = previous.sequence + 1n
  const content = contentDigest(record)
  const summary = Summary.serialize({ epoch, sequence, content, previous: previous.digest }).toBytes()
  const before = opensEpoch ? { baseFee: 0n, operationFee: 0n, valueFee: 0n } : previous.fees
  return {
    sequence,
    digest: blake2b256(utf8ToBytes('CheckpointSummary::'), summary),
    previousDigest: previous.digest,
    contentDigest: content,
    epoch,
    fees: {
      baseFee: before.baseFee + fee.baseFee,
      operationFee: before.operationFee + fee.operationFee,
      valueFee: before.valueFee + fee.valueFee,
    },
    timestampMs: record.timestampMs,
    transaction: record.digest,
  }
}
