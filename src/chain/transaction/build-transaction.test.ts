import { readFileSync } from 'node:fs'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { vectorTensor } from '../bcs/tensor.ts'
import type { TransactionKindInput } from '../bcs/transaction.ts'
import { TransactionKind } from '../bcs/transaction.ts'
import { embeddingCommitment, keyCommitment } from '../commitments.ts'
import { blake2b256 } from '../digests.ts'
import { GetEpochRequestSchema } from '../generated/soma/rpc/ledger_service_pb.js'
import {
  ListOwnedObjectsRequestSchema,
  ListTargetsRequestSchema,
} from '../generated/soma/rpc/state_service_pb.js'
import { ExecuteTransactionRequestSchema } from '../generated/soma/rpc/transaction_execution_service_pb.js'
import { signatureToProto } from '../signature.ts'
import { buildTransaction, createdModelId } from './build-transaction.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${path}`, import.meta.url), 'utf8'))
const { tx, proto, keys, create_ids } = file('protocol/vectors.json').derived
const sdk: { name: string; kind_bcs_hex: string }[] = file('client/rpc_requests.json').transactions

const sender = `0x${keys.address}`
const gas = { objectId: `0x${'aa'.repeat(32)}`, version: 7n, digest: new Uint8Array(32).fill(0xbb) }
const createModel: TransactionKindInput = {
  CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 1000n, architectureVersion: 1n },
}
const modelId = `0x${create_ids.model}`
const key = new Uint8Array(32).fill(0x42)
const embedding = vectorTensor([1, -2, 0.5, 0.25])
const ciphertext = hex.decode(
  'bfb7da9f262f60f7f7fed4feb46634200a7069fcb162f6a0947fc14034837f0cd493ddda78a9a3c0b16661241da69b7ee1cfd4410c1f9d8cf401d4c6a233250a',
)
const commit = (url: string): TransactionKindInput => ({
  CommitModel: {
    modelId,
    manifest: { url, checksum: blake2b256(ciphertext), size: 64n },
    weightsCommitment: blake2b256(ciphertext),
    embeddingCommitment: embeddingCommitment(embedding.values),
    decryptionKeyCommitment: keyCommitment(key),
  },
})

describe('building from values gives the vectors', () => {
  const url = 'https://example.com/models/1/model.safetensors.enc'
  const cases: [prefix: string, kind: TransactionKindInput][] = [
    ['CreateModel', createModel],
    ['CommitModel', commit(url)],
    ['RevealModel', { RevealModel: { modelId, decryptionKey: key, embedding } }],
    [
      'SubmitData',
      {
        SubmitData: {
          targetId: `0x${'cc'.repeat(32)}`,
          dataManifest: {
            manifest: {
              url: 'https://example.com/d.bin',
              checksum: blake2b256(new TextEncoder().encode('hello')),
              size: 5n,
            },
          },
          modelId,
          embedding,
          distanceScore: vectorTensor([0.75]),
          lossScore: vectorTensor([3.5]),
          bondCoin: gas,
        },
      },
    ],
    ['ClaimRewards', { ClaimRewards: { targetId: `0x${'cc'.repeat(32)}` } }],
    ['TransferCoin', { TransferCoin: { coin: gas, amount: 5n, recipient: `0x${'dd'.repeat(32)}` } }],
  ]
  for (const [prefix, kind] of cases) {
    it(prefix, () => {
      const expected = tx[Object.keys(tx).find((name) => name.startsWith(prefix))!]
      const built = buildTransaction(kind, sender, [gas])
      expect(hex.encode(built.bytes)).toBe(expected.txdata)
      expect(built.digest).toBe(expected.digest_b58)
    })
  }
  it('the id of the model is known before it is created', () => {
    expect(createdModelId(buildTransaction(createModel, sender, [gas]).bytes)).toBe(modelId)
  })
})

describe('requests, byte for byte', () => {
  it('ExecuteTransaction', () => {
    const expected = tx['CreateModel(stake 1e9, commission 1000, arch 1)']
    const request = create(ExecuteTransactionRequestSchema, {
      transaction: buildTransaction(createModel, sender, [gas]).proto,
      signatures: [signatureToProto(hex.decode(expected.sig97))],
      readMask: { paths: ['effects', 'balance_changes', 'objects'] },
    })
    expect(hex.encode(toBinary(ExecuteTransactionRequestSchema, request))).toBe(proto.exec)
  })
  it('GetEpoch, ListTargets, ListOwnedObjects', () => {
    const epoch = ['epoch', 'system_state', 'start', 'protocol_config.protocol_version']
    expect(
      hex.encode(
        toBinary(GetEpochRequestSchema, create(GetEpochRequestSchema, { readMask: { paths: epoch } })),
      ),
    ).toBe(proto.getepoch)
    const targets = create(ListTargetsRequestSchema, {
      statusFilter: 'open',
      pageSize: 50,
      readMask: { paths: ['*'] },
    })
    expect(hex.encode(toBinary(ListTargetsRequestSchema, targets))).toBe(proto.listtargets)
    const owned = create(ListOwnedObjectsRequestSchema, {
      owner: sender,
      pageSize: 50,
      readMask: { paths: ['object_id', 'version', 'digest', 'contents'] },
      objectType: 'Coin',
    })
    expect(hex.encode(toBinary(ListOwnedObjectsRequestSchema, owned))).toBe(proto.owned)
    expect(fromBinary(ListOwnedObjectsRequestSchema, hex.decode(proto.owned)).objectType).toBe('Coin')
  })
})

describe('addresses of files', () => {
  it('are signed in the form that nodes normalise to', () => {
    const expected = sdk.find(({ name }) => name === 'commit_model url to normalise')!.kind_bcs_hex
    const wanted = TransactionKind.fromHex(expected)
    const { kind } = buildTransaction(commit('HTTPS://Example.com:443/a b/../ü?q=1 2#f'), sender, [gas]).data
    expect(kind.CommitModel!.manifest.url).toBe(wanted.CommitModel!.manifest.url)
  })
  for (const url of [
    'ftp://example.com/m',
    'file:///m',
    'data:,x',
    'example.com/m',
    'https://user:secret@example.com/m',
  ]) {
    it(`${url.split(':')[0]} is refused`, () => {
      expect(() => buildTransaction(commit(url), sender, [gas])).toThrow(/not a web address/)
    })
  }
  it('too long ones are refused', () => {
    const url = `https://example.com/${'x'.repeat(262_144)}`
    expect(() => buildTransaction(commit(url), sender, [gas])).toThrow(/networks accept/)
  })
})
