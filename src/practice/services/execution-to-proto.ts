import type { MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ExecutedTransactionSchema } from '../../chain/generated/soma/rpc/executed_transaction_pb.js'
import { digestToText } from '../../chain/ids.ts'
import { signatureToProto } from '../../chain/signature.ts'
import { transactionToProto } from '../../chain/transaction/to-proto.ts'
import type { Execution, TransactionRecord } from '../core/records.ts'
import { effectsToProto } from './effects-to-proto.ts'
import { bare, prefixed } from './id-text.ts'
import { objectToProto } from './object-to-proto.ts'

type ExecutedInit = Exclude<MessageInitShape<typeof ExecutedTransactionSchema>, { $unknown?: unknown }>

/** Every field of a stored transaction, checkpoint and time included. */
export function recordToProto(record: TransactionRecord): ExecutedInit {
  return {
    ...common(record),
    checkpoint: record.checkpoint,
    timestamp: timestampFromMs(Number(record.timestampMs)),
  }
}

/** The reply to execute and simulate: no checkpoint yet, but the objects before and after. */
export function executionToProto({ record, changes }: Execution): ExecutedInit {
  const objects = changes.flatMap(({ before, after }) =>
    [before, after].flatMap((object) => (object ? [objectToProto(object, prefixed)] : [])),
  )
  return { ...common(record), objects: { objects } }
}

function common(record: TransactionRecord): ExecutedInit {
  const system = record.data.gasPayment.length === 0
  return {
    digest: digestToText(record.digest),
    // System transactions have no structured form on the client's side.
    ...(system ? {} : { transaction: transactionToProto(record.data, prefixed) }),
    signatures: record.signatures.map(signatureToProto),
    effects: effectsToProto(record.effects, record.objectTypes),
    balanceChanges: record.balanceChanges.map(({ address, amount }) => ({
      address: bare(address),
      amount: `${amount}`,
    })),
  }
}
