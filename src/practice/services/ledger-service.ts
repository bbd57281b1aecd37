import { create } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { SystemState } from '../../chain/bcs/index.ts'
import { EpochSchema } from '../../chain/generated/soma/rpc/epoch_pb.js'
import { ExecutedTransactionSchema } from '../../chain/generated/soma/rpc/executed_transaction_pb.js'
import type { LedgerService } from '../../chain/generated/soma/rpc/ledger_service_pb.js'
import { ObjectSchema } from '../../chain/generated/soma/rpc/object_pb.js'
import { digestToText } from '../../chain/ids.ts'
import type { PracticeNetwork } from '../core/network.ts'
import { NodeError } from '../core/node-error.ts'
import { recordToProto } from './execution-to-proto.ts'
import { applyMask } from './field-mask.ts'
import { bare } from './id-text.ts'
import { objectToProto } from './object-to-proto.ts'
import { committee, protocolConfig } from './protocol-config.ts'
import { digestArgument, idArgument } from './request-arguments.ts'
import { systemStateToProto } from './system-state-to-proto.ts'

/** What the practice network calls itself. */
export const SERVER_NAME = 'soma-practice/1'
export const CHAIN_NAME = 'practice'

const OBJECT_MASK = ['object_id', 'version', 'digest']
const EPOCH_MASK = [
  'epoch',
  'committee',
  'first_checkpoint',
  'last_checkpoint',
  'start',
  'end',
  'protocol_config.protocol_version',
]

export function ledgerService(network: () => PracticeNetwork): Partial<ServiceImpl<typeof LedgerService>> {
  return {
    getServiceInfo: () => {
      const { chainId, checkpoint, timestampMs } = network()
      return {
        chainId,
        chain: CHAIN_NAME,
        epoch: network().epoch(),
        checkpointHeight: checkpoint,
        timestamp: timestampFromMs(Number(timestampMs)),
        lowestAvailableCheckpoint: 0n,
        lowestAvailableCheckpointObjects: 0n,
        server: SERVER_NAME,
      }
    },

    getEpoch: ({ epoch, readMask }) => {
      const message = create(EpochSchema, epochInit(network(), epoch))
      return { epoch: applyMask(EpochSchema, message, readMask, EPOCH_MASK) }
    },

    getObject: ({ objectId, version, readMask }) => {
      const id = idArgument(objectId, 'object_id')
      const object = network().objects.get(id)
      if (object === undefined) throw new NodeError('notFound', `Object ${id} not found`)
      if (version !== undefined && version !== object.version) {
        throw new NodeError('notFound', `Object ${id} with version ${version} not found`)
      }
      const message = create(ObjectSchema, objectToProto(object, bare))
      return { object: applyMask(ObjectSchema, message, readMask, OBJECT_MASK) }
    },

    getTransaction: ({ digest, readMask }) => {
      const bytes = digestArgument(digest, 'digest')
      const record = network().transaction(bytes)
      if (record === undefined) {
        throw new NodeError('notFound', `Transaction ${digestToText(bytes)} not found`)
      }
      const message = create(ExecutedTransactionSchema, recordToProto(record))
      return { transaction: applyMask(ExecutedTransactionSchema, message, readMask, ['digest']) }
    },
  }
}

/** The current epoch's state is live, a past one's is as it was when the epoch began. */
function epochInit(network: PracticeNetwork, asked: bigint | undefined) {
  const { epochs } = network
  const index = asked === undefined ? epochs.length - 1 : epochs.findIndex(({ epoch }) => epoch === asked)
  const record = epochs[index]
  if (record === undefined) throw new NodeError('notFound', `Committee for epoch ${asked} not found`)
  const next = epochs[index + 1]
  // Loading a world moves its past in time; the stored state has the old time in it.
  const past = () => ({ ...SystemState.parse(record.state), epochStartTimestampMs: record.startMs })
  const state = next === undefined ? network.state() : past()
  return {
    epoch: record.epoch,
    committee: committee(state),
    systemState: systemStateToProto(state),
    firstCheckpoint: record.firstCheckpoint,
    ...(next && { lastCheckpoint: next.firstCheckpoint - 1n, end: timestampFromMs(Number(next.startMs)) }),
    start: timestampFromMs(Number(record.startMs)),
    protocolConfig: protocolConfig(state),
  }
}
