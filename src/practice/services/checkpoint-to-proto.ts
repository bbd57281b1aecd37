import type { MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { hexToBytes } from '@noble/hashes/utils.js'
import { SystemState, TransactionEffects } from '../../chain/bcs/index.ts'
import { effectsDigest } from '../../chain/digests.ts'
import type { CheckpointContentsSchema } from '../../chain/generated/soma/rpc/checkpoint_contents_pb.js'
import type { CheckpointSchema } from '../../chain/generated/soma/rpc/checkpoint_pb.js'
import type { CheckpointSummarySchema } from '../../chain/generated/soma/rpc/checkpoint_summary_pb.js'
import { digestToText } from '../../chain/ids.ts'
import { VALIDATOR_PROOF } from '../core/genesis.ts'
import type { PracticeNetwork } from '../core/network.ts'
import type { CheckpointRecord, TransactionRecord } from '../core/records.ts'
import { recordToProto, signaturesToProto } from './execution-to-proto.ts'
import { bare } from './id-text.ts'
import { committee } from './protocol-config.ts'

/**
 * A checkpoint with its transaction, ids as 64 digits. Deviations: it holds one transaction and no objects, and what
 * stands for its signature signs nothing.
 */
export function checkpointToProto(
  network: PracticeNetwork,
  checkpoint: CheckpointRecord,
): MessageInitShape<typeof CheckpointSchema> {
  const record = network.transaction(checkpoint.transaction)!
  return {
    sequenceNumber: checkpoint.sequence,
    digest: digestToText(checkpoint.digest),
    summary: summary(network, checkpoint, record),
    signature: { epoch: checkpoint.epoch, signature: hexToBytes(VALIDATOR_PROOF), bitmap: [0] },
    contents: contents(checkpoint, record),
    transactions: [recordToProto(record, bare)],
  }
}

function summary(
  network: PracticeNetwork,
  checkpoint: CheckpointRecord,
  { data }: TransactionRecord,
): MessageInitShape<typeof CheckpointSummarySchema> {
  const { fees, previousDigest, sequence } = checkpoint
  return {
    digest: digestToText(checkpoint.digest),
    epoch: checkpoint.epoch,
    sequenceNumber: sequence,
    totalNetworkTransactions: sequence + 1n,
    contentDigest: digestToText(checkpoint.contentDigest),
    ...(previousDigest.length > 0 && { previousDigest: digestToText(previousDigest) }),
    epochRollingTransactionFees: { ...fees, totalFee: fees.baseFee + fees.operationFee + fees.valueFee },
    timestamp: timestampFromMs(Number(checkpoint.timestampMs)),
    ...(data.kind.$kind === 'ChangeEpoch' && { endOfEpochData: endOfEpoch(network, checkpoint) }),
  }
}

function endOfEpoch(network: PracticeNetwork, { epoch }: CheckpointRecord) {
  const next = network.epochs.find((candidate) => candidate.epoch === epoch + 1n)
  if (next === undefined) return {}
  const state = SystemState.parse(next.state)
  return {
    nextEpochValidatorCommittee: committee(state),
    nextEpochProtocolVersion: state.protocolVersion,
  }
}

function contents(
  checkpoint: CheckpointRecord,
  record: TransactionRecord,
): MessageInitShape<typeof CheckpointContentsSchema> {
  const effects = effectsDigest(TransactionEffects.serialize(record.effects).toBytes())
  return {
    digest: digestToText(checkpoint.contentDigest),
    version: 1,
    transactions: [
      {
        transaction: digestToText(record.digest),
        effects: digestToText(effects),
        signatures: signaturesToProto(record),
      },
    ],
  }
}
