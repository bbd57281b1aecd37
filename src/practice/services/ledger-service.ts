import { create } from '@bufbuild/protobuf'
import { type FieldMask, timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, type ServiceImpl } from '@connectrpc/connect'
import { SystemState } from '../../chain/bcs/index.ts'
import { CheckpointSchema } from '../../chain/generated/soma/rpc/checkpoint_pb.js'
import { EpochSchema } from '../../chain/generated/soma/rpc/epoch_pb.js'
import { ExecutedTransactionSchema } from '../../chain/generated/soma/rpc/executed_transaction_pb.js'
import type { GetCheckpointRequest, LedgerService } from '../../chain/generated/soma/rpc/ledger_service_pb.js'
import { ObjectSchema } from '../../chain/generated/soma/rpc/object_pb.js'
import { digestToText } from '../../chain/ids.ts'
import type { PracticeNetwork } from '../core/network.ts'
import { NodeError } from '../core/node-error.ts'
import type { CheckpointRecord } from '../core/records.ts'
import { checkpointToProto } from './checkpoint-to-proto.ts'
import { recordToProto } from './execution-to-proto.ts'
import { applyMask, checkMask, maskIncludes } from './field-mask.ts'
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
      const { chainId, checkpoint, checkpoints, timestampMs } = network()
      const lowest = checkpoints[0]!.sequence
      return {
        chainId,
        chain: CHAIN_NAME,
        epoch: network().epoch(),
        checkpointHeight: checkpoint,
        timestamp: timestampFromMs(Number(timestampMs)),
        lowestAvailableCheckpoint: lowest,
        lowestAvailableCheckpointObjects: lowest,
        server: SERVER_NAME,
      }
    },

    getEpoch: ({ epoch, readMask }) => {
      checkMask(EpochSchema, readMask)
      const message = create(EpochSchema, epochInit(network(), epoch, readMask))
      return { epoch: applyMask(EpochSchema, message, readMask, EPOCH_MASK) }
    },

    getObject: ({ objectId, version, readMask }) => {
      checkMask(ObjectSchema, readMask)
      return { object: readObject(network(), objectId, version, readMask) }
    },

    batchGetObjects: ({ requests, readMask }) => {
      checkMask(ObjectSchema, readMask)
      const read = (request: (typeof requests)[number]) =>
        readObject(network(), request.objectId, request.version, readMask)
      return { objects: requests.map((request) => result('object', () => read(request))) }
    },

    getTransaction: ({ digest, readMask }) => {
      checkMask(ExecutedTransactionSchema, readMask)
      return { transaction: readTransaction(network(), digest, readMask) }
    },

    batchGetTransactions: ({ digests, readMask }) => {
      checkMask(ExecutedTransactionSchema, readMask)
      const read = (digest: string) => readTransaction(network(), digest, readMask)
      return { transactions: digests.map((digest) => result('transaction', () => read(digest))) }
    },

    getCheckpoint: ({ checkpointId, readMask }) => {
      checkMask(CheckpointSchema, readMask)
      const record = findCheckpoint(network(), checkpointId)
      const message = create(CheckpointSchema, checkpointToProto(network(), record))
      return { checkpoint: applyMask(CheckpointSchema, message, readMask, ['sequence_number', 'digest']) }
    },
  }
}

function readObject(
  network: PracticeNetwork,
  objectId: string | undefined,
  version: bigint | undefined,
  readMask: FieldMask | undefined,
) {
  const id = idArgument(objectId, 'object_id')
  const object = network.objects.get(id)
  if (object === undefined) throw new NodeError('notFound', `Object ${id} not found`)
  if (version !== undefined && version !== object.version) {
    throw new NodeError('notFound', `Object ${id} with version ${version} not found`)
  }
  const message = create(ObjectSchema, objectToProto(object, bare))
  return applyMask(ObjectSchema, message, readMask, OBJECT_MASK)
}

function readTransaction(
  network: PracticeNetwork,
  digest: string | undefined,
  readMask: FieldMask | undefined,
) {
  const bytes = digestArgument(digest, 'digest')
  const record = network.transaction(bytes)
  if (record === undefined) throw new NodeError('notFound', `Transaction ${digestToText(bytes)} not found`)
  const message = create(ExecutedTransactionSchema, recordToProto(record))
  return applyMask(ExecutedTransactionSchema, message, readMask, ['digest'])
}

/** One entry of a batch: what was read, or why it could not be. */
function result<C extends string, T>(name: C, read: () => T) {
  try {
    return { result: { case: name, value: read() } }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    const code = error.code === 'notFound' ? Code.NotFound : Code.InvalidArgument
    return { result: { case: 'error' as const, value: { code, message: error.message } } }
  }
}

function findCheckpoint(
  { checkpoints }: PracticeNetwork,
  asked: GetCheckpointRequest['checkpointId'],
): CheckpointRecord {
  if (asked.case === undefined) return checkpoints.at(-1)!
  const found =
    asked.case === 'digest'
      ? checkpoints.find(({ digest }) => digestToText(digest) === asked.value)
      : checkpoints[Number(asked.value - checkpoints[0]!.sequence)]
  if (found === undefined) throw new NodeError('notFound', `Checkpoint ${asked.value} not found`)
  return found
}

/** The current epoch's state is live, a past one's is as it was when the epoch began. */
function epochInit(network: PracticeNetwork, asked: bigint | undefined, mask: FieldMask | undefined) {
  const { epochs } = network
  const index = asked === undefined ? epochs.length - 1 : epochs.findIndex(({ epoch }) => epoch === asked)
  const record = epochs[index]
  if (record === undefined) {
    if (asked !== undefined && !maskIncludes(mask, 'committee', EPOCH_MASK)) return { epoch: asked }
    throw new NodeError('notFound', `Committee for epoch ${asked} not found`)
  }
  const next = epochs[index + 1]
  // Loading a world moves its past in time; the stored state has the old time in it.
  const past = () => ({ ...SystemState.parse(record.state), epochStartTimestampMs: record.startMs })
  const state = next === undefined ? network.state() : past()
  return {
    epoch: record.epoch,
    committee: committee(state),
    systemState: systemStateToProto(state),
    firstCheckpoint: record.firstCheckpoint,
    ...(next && { end: timestampFromMs(Number(next.startMs)) }),
    start: timestampFromMs(Number(record.startMs)),
    protocolConfig: protocolConfig(state),
  }
}
