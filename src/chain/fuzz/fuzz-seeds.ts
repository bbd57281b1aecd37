import { readFileSync } from 'node:fs'
import { type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf'
import { hex } from '@scure/base'
import { CheckpointSchema } from '../generated/soma/rpc/checkpoint_pb.js'
import { EpochSchema } from '../generated/soma/rpc/epoch_pb.js'
import { ExecutedTransactionSchema } from '../generated/soma/rpc/executed_transaction_pb.js'
import {
  GetCheckpointResponseSchema,
  GetEpochResponseSchema,
  GetObjectResponseSchema,
} from '../generated/soma/rpc/ledger_service_pb.js'
import { ObjectSchema } from '../generated/soma/rpc/object_pb.js'
import { UserSignatureSchema } from '../generated/soma/rpc/signature_pb.js'
import {
  ListOwnedObjectsResponseSchema,
  ListTargetsResponseSchema,
} from '../generated/soma/rpc/state_service_pb.js'
import { TargetSchema } from '../generated/soma/rpc/system_state_pb.js'
import {
  ExecuteTransactionRequestSchema,
  ExecuteTransactionResponseSchema,
} from '../generated/soma/rpc/transaction_execution_service_pb.js'
import { TransactionSchema } from '../generated/soma/rpc/transaction_pb.js'
import { exchanges, loadExchange, payload, replayClient } from '../test-exchanges.ts'
import { bcsTargets } from './bcs-targets.ts'
import { frameTargets } from './frame-targets.ts'
import { messageTargets } from './message-targets.ts'
import type { FuzzTarget } from './run-fuzz.ts'
import { textTargets } from './text-targets.ts'

// What a real node and the official client wrote, as the inputs that are mutated; the product never imports this file.

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${path}`, import.meta.url), 'utf8'))

/** Every decoder of the client. */
export async function allTargets(): Promise<Record<'bcs' | 'messages' | 'frames' | 'texts', FuzzTarget[]>> {
  const vectors = file('protocol/vectors.json').derived
  const { transactions, objects } = file('client/rpc_requests.json')
  const data: Uint8Array[] = transactions.map((tx: { tx_data_bcs_hex: string }) =>
    hex.decode(tx.tx_data_bcs_hex),
  )
  const reply = <Desc extends DescMessage>(schema: Desc, name: string) =>
    fromBinary(schema, payload(loadExchange(name).response.body)!)
  const bodies = (part: string) =>
    exchanges
      .filter(({ request, response }) => request.path.endsWith(part) && response.body.length > 5)
      .map(({ response }) => response.body)
      .filter(({ length }) => length < 8000)
  const inner = (part: string, side: 'request' | 'response') =>
    exchanges
      .filter(({ request }) => request.path.endsWith(part))
      .map((exchange) => payload(exchange[side].body))
      .filter((bytes): bytes is Uint8Array => bytes !== undefined && bytes.length < 8000)
  const executed = fromBinary(ExecuteTransactionRequestSchema, inner('/ExecuteTransaction', 'request')[0]!)
  const state = reply(GetEpochResponseSchema, '507').epoch!
  const target = reply(ListTargetsResponseSchema, '322-list-filled').targets[0]!
  const coins = reply(ListOwnedObjectsResponseSchema, '045').objects
  const stakes = reply(ListOwnedObjectsResponseSchema, '516').objects
  return {
    bcs: bcsTargets({
      transactions: data,
      objects: objects.map((object: { bcs_hex: string }) => hex.decode(object.bcs_hex)),
      targets: [hex.decode(vectors.state.target), reply(GetObjectResponseSchema, '317').object!.contents!],
      registries: [hex.decode(vectors.state.registry)],
      effects: [hex.decode(vectors.state.effects)],
      states: [reply(GetObjectResponseSchema, '420').object!.contents!],
      scoreRequests: inner('/Score', 'request'),
      scoreReplies: inner('/Score', 'response'),
      gasReplies: inner('/RequestGas', 'response'),
      state: await replayClient('507').systemState(),
    }),
    messages: messageTargets({
      epochs: [toBinary(EpochSchema, state)],
      transactions: [toBinary(TransactionSchema, executed.transaction!)],
      executed: inner('/ExecuteTransaction', 'response')
        .map((bytes) => fromBinary(ExecuteTransactionResponseSchema, bytes).transaction)
        .filter((transaction) => transaction !== undefined)
        .map((transaction) => toBinary(ExecutedTransactionSchema, transaction)),
      objects: [...coins, ...stakes].map((object) => toBinary(ObjectSchema, object)),
      targets: [toBinary(TargetSchema, target)],
      checkpoints: [toBinary(CheckpointSchema, reply(GetCheckpointResponseSchema, '608').checkpoint!)],
      signatures: [toBinary(UserSignatureSchema, executed.signatures[0]!)],
    }),
    frames: frameTargets({
      epochs: bodies('/GetEpoch'),
      coins: bodies('/ListOwnedObjects'),
      targets: bodies('/ListTargets'),
      checkpoints: bodies('/GetCheckpoint'),
      executions: bodies('/ExecuteTransaction'),
      transactionData: data[0]!,
    }),
    texts: textTargets(),
  }
}
