import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf'
import { checkpointView } from '../checkpoint-view.ts'
import { decodeMessage } from '../decode-message.ts'
import { effectsView } from '../effects-view.ts'
import { CheckpointSchema } from '../generated/soma/rpc/checkpoint_pb.js'
import { EpochSchema } from '../generated/soma/rpc/epoch_pb.js'
import { ExecutedTransactionSchema } from '../generated/soma/rpc/executed_transaction_pb.js'
import { ObjectSchema } from '../generated/soma/rpc/object_pb.js'
import { UserSignatureSchema } from '../generated/soma/rpc/signature_pb.js'
import { TargetSchema } from '../generated/soma/rpc/system_state_pb.js'
import { TransactionSchema } from '../generated/soma/rpc/transaction_pb.js'
import { coinView, objectView, stakeView } from '../object-view.ts'
import { signatureFromProto } from '../signature.ts'
import { systemStateView } from '../system-state-view.ts'
import { targetView } from '../target-view.ts'
import { transactionFromProto } from '../transaction/from-proto.ts'
import type { FuzzTarget } from './run-fuzz.ts'

export interface MessageSeeds {
  readonly epochs: readonly Uint8Array[]
  readonly transactions: readonly Uint8Array[]
  readonly executed: readonly Uint8Array[]
  readonly objects: readonly Uint8Array[]
  readonly targets: readonly Uint8Array[]
  readonly checkpoints: readonly Uint8Array[]
  readonly signatures: readonly Uint8Array[]
}

/** Decoders of protobuf messages and of what the studio makes of them. */
export function messageTargets(seeds: MessageSeeds): FuzzTarget[] {
  const target = <Desc extends DescMessage>(
    name: string,
    inputs: readonly Uint8Array[],
    schema: Desc,
    ...uses: ((message: MessageShape<Desc>) => unknown)[]
  ): FuzzTarget => ({
    name,
    kind: 'bytes',
    seeds: inputs,
    run: (input) => {
      const message = decodeMessage(schema, input, name)
      toBinary(schema, message)
      for (const use of uses) use(message)
    },
  })
  return [
    target('epoch message', seeds.epochs, EpochSchema, systemStateView),
    target('transaction message', seeds.transactions, TransactionSchema, transactionFromProto),
    target('executed transaction', seeds.executed, ExecutedTransactionSchema, effectsView),
    target('object message', seeds.objects, ObjectSchema, objectView),
    target('coin message', seeds.objects, ObjectSchema, coinView),
    target('stake message', seeds.objects, ObjectSchema, stakeView),
    target('target message', seeds.targets, TargetSchema, targetView),
    target('checkpoint message', seeds.checkpoints, CheckpointSchema, checkpointView),
    target('signature message', seeds.signatures, UserSignatureSchema, signatureFromProto),
  ]
}
