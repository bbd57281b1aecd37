import { readFileSync } from 'node:fs'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { base58, hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { decodeExact } from '../bcs/primitives.ts'
import { TransactionData } from '../bcs/transaction.ts'
import { LedgerService } from '../generated/soma/rpc/ledger_service_pb.js'
import { ObjectSchema } from '../generated/soma/rpc/object_pb.js'
import { StateService } from '../generated/soma/rpc/state_service_pb.js'
import {
  ExecuteTransactionRequestSchema,
  TransactionExecutionService,
} from '../generated/soma/rpc/transaction_execution_service_pb.js'
import { normaliseId } from '../ids.ts'
import { objectView } from '../object-view.ts'
import { signatureFromProto, signatureToProto, verifySignature } from '../signature.ts'
import { transactionFromProto } from './from-proto.ts'
import { transactionToProto } from './to-proto.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${path}`, import.meta.url), 'utf8'))

describe('ExecuteTransaction requests of soma-sdk', () => {
  for (const tx of file('client/rpc_requests.json').transactions) {
    it(tx.name, () => {
      const request = fromBinary(ExecuteTransactionRequestSchema, hex.decode(tx.request_hex))
      const data = decodeExact(TransactionData, hex.decode(tx.tx_data_bcs_hex), 'transaction')
      // What a node would rebuild is what was signed.
      const rebuilt = transactionFromProto(request.transaction!)
      expect(hex.encode(TransactionData.serialize(rebuilt).toBytes())).toBe(tx.tx_data_bcs_hex)

      const signature = hex.decode(`00${tx.signature_hex}${tx.public_key_hex}`)
      expect(signatureFromProto(request.signatures[0]!)).toEqual(signature)
      expect(verifySignature(hex.decode(tx.tx_data_bcs_hex), signature, data.sender)).toBe(true)

      // And our message is the SDK's, byte for byte, with each id in the text form that the SDK chose.
      const texts = new TextDecoder('latin1').decode(hex.decode(tx.request_hex)).match(/(0x)?[0-9a-f]{64}/g)!
      const asSdk = new Map(texts.map((text) => [normaliseId(text), text]))
      const ours = create(ExecuteTransactionRequestSchema, {
        transaction: transactionToProto(data, (id) => asSdk.get(id)!),
        signatures: [signatureToProto(signature)],
        readMask: request.readMask!,
      })
      expect(hex.encode(toBinary(ExecuteTransactionRequestSchema, ours))).toBe(tx.request_hex)
    })
  }
})

describe('read requests of soma-sdk', () => {
  const methods = [LedgerService, StateService, TransactionExecutionService].flatMap(
    (service) => service.methods,
  )
  for (const { name, requests } of file('client/rpc_requests.json').queries) {
    for (const { method: path, hex: text } of requests) {
      const method = methods.find((candidate) => path.endsWith(`.${candidate.parent.name}/${candidate.name}`))
      if (method === undefined) continue
      it(`${name}: ${method.name}`, () => {
        expect(hex.encode(toBinary(method.input, fromBinary(method.input, hex.decode(text))))).toBe(text)
      })
    }
  }
})

it('objects as the official client reads them', () => {
  for (const { rpc_object_hex, id, version, digest_base58 } of file('client/rpc_requests.json').objects) {
    const object = fromBinary(ObjectSchema, hex.decode(rpc_object_hex))
    expect(hex.encode(toBinary(ObjectSchema, object))).toBe(rpc_object_hex)
    const { ref } = objectView(object)
    expect(ref).toEqual({
      objectId: normaliseId(id),
      version: BigInt(version),
      digest: base58.decode(digest_base58),
    })
  }
})
