import type { MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ExecutedTransactionSchema } from '../../chain/generated/soma/rpc/executed_transaction_pb.js'
import { digestToText } from '../../chain/ids.ts'
import { signatureToProto } from '../../chain/signature.ts'
import type { Execution, TransactionRecord } from '../core/records.ts'
import { effectsToProto } from './effects-to-proto.ts'
import { bare, type IdText, prefixed } from './id-text.ts'
import { objectToProto } from './object-to-proto.ts'
import { anyTransactionToProto } from './system-transaction-to-proto.ts'

type ExecutedInit = Exclude<MessageInitShape<typeof ExecutedTransactionSchema>, { $unknown?: unknown }>

/** Every field of a stored transaction, checkpoint and time included. A checkpoint has its ids without 0x. */
export function recordToProto(record: TransactionRecord, id: IdText = prefixed): ExecutedInit {
  return {
    ...common(record, id),
    checkpoint: record.checkpoint,
    timestamp: timestampFromMs(Number(record.timestampMs)),
  }
}

/** The reply to execute and simulate: no checkpoint yet, but the objects before and after. */
export function executionToProto({ record, changes }: Execution): ExecutedInit {
  const objects = changes.flatMap(({ before, after }) =>
    [before, after].flatMap((object) => (object ? [objectToProto(object, prefixed)] : [])),
  )
  return { ...common(record, prefixed), objects: { objects } }
}

/** The network's own transactions carry a signature of zeros. */
export function signaturesToProto({ data, signatures }: TransactionRecord) {
  const system = data.gasPayment.length === 0 && signatures.length === 0
  return (system ? [new Uint8Array(97)] : signatures).map(signatureToProto)
}

function common(record: TransactionRecord, id: IdText): ExecutedInit {
  return {
    digest: digestToText(record.digest),
    transaction: anyTransactionToProto(record, id),
    signatures: signaturesToProto(record),
    effects: effectsToProto(record.effects, id === bare ? undefined : record.objectTypes, id),
    balanceChanges: record.balanceChanges.map(({ address, amount }) => ({
      address: bare(address),
      amount: `${amount}`,
    })),
  }
}
