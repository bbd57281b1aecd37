import type { MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { TransactionData } from '../../chain/bcs/index.ts'
import type { TransactionSchema } from '../../chain/generated/soma/rpc/transaction_pb.js'
import { digestToText, normaliseId } from '../../chain/ids.ts'
import { transactionToProto } from '../../chain/transaction/to-proto.ts'
import { storeObject } from '../core/object-store.ts'
import type { TransactionRecord } from '../core/records.ts'
import { type IdText, prefixed } from './id-text.ts'
import { objectToProto } from './object-to-proto.ts'

type TransactionInit = MessageInitShape<typeof TransactionSchema>

/** Any transaction in its structured form, those that only the network makes included. */
export function anyTransactionToProto({ data, digest }: TransactionRecord, id: IdText): TransactionInit {
  const kind = systemKind(data, id)
  if (kind === undefined) {
    // Whatever form sender and gas have, what is inside of a kind has 0x.
    const transaction = transactionToProto(data, prefixed)
    transaction.sender = id(data.sender)
    for (const ref of transaction.gasPayment) ref.objectId = id(normaliseId(ref.objectId!))
    return transaction
  }
  return { digest: digestToText(digest), kind: { kind }, sender: id(data.sender) }
}

function systemKind({ kind }: TransactionData, id: IdText) {
  if (kind.$kind === 'Genesis') {
    const objects = kind.Genesis.objects.map((object) => objectToProto(storeObject(object), id))
    return { case: 'genesis' as const, value: { objects } }
  }
  if (kind.$kind !== 'ChangeEpoch') return undefined
  const { epochStartTimestampMs, ...change } = kind.ChangeEpoch
  const epochStartTimestamp = timestampFromMs(Number(epochStartTimestampMs))
  return { case: 'changeEpoch' as const, value: { ...change, epochStartTimestamp } }
}
