import { readFileSync } from 'node:fs'
import { ed25519 } from '@noble/curves/ed25519.js'
import { base58, hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { normalArray } from '../arrgen/normal-array.ts'
import { parseSoma } from '../lib/soma-amount.ts'
import { StudioError } from '../lib/studio-error.ts'
import { type Decoder, decodeExact, type ObjectRef } from './bcs/primitives.ts'
import {
  AdvanceEpochResponse,
  GasRequest,
  GasResponse,
  HealthResponse,
  ScoreRequest,
  ScoreResponse,
} from './bcs/service-messages.ts'
import { scalarTensor, vectorTensor } from './bcs/tensor.ts'
import { TransactionKind, type TransactionKindInput } from './bcs/transaction.ts'
import { embeddingCommitment, keyCommitment } from './commitments.ts'
import { blake2b256 } from './digests.ts'
import { normaliseId } from './ids.ts'
import { multisigAddress } from './signature.ts'
import { exchanges, payload } from './test-exchanges.ts'
import { buildTransaction } from './transaction/build-transaction.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url), 'utf8'))
const golden = file('client/rpc_requests.json')
const { units } = file('client/crypto.json')
const vectors = file('protocol/vectors.json')

interface Recorded {
  readonly name: string
  readonly kind_bcs_hex: string
  readonly tx_data_bcs_hex: string
  readonly signed_envelope_hex: string
  readonly signature_hex: string
  readonly public_key_hex: string
}
const recorded = new Map<string, Recorded>(golden.transactions.map((tx: Recorded) => [tx.name, tx]))

const id = (byte: string) => `0x${byte.repeat(32)}`
const ref = (byte: string): ObjectRef => {
  const { version, digest_base58 } = golden.objects.find(
    (object: { id: string }) => object.id === byte.repeat(32),
  )
  return { objectId: id(byte), version: BigInt(version), digest: base58.decode(digest_base58) }
}
const key = new Uint8Array(32).fill(0x42)
const [modelId, targetId] = [id('5e'), id('cc')]
const small = Float32Array.of(1, -2, 0.5, 0.25)
const drawn = normalArray(4n, 16)
/** The SDK was handed these as encrypted weights. */
const cipher = Uint8Array.from({ length: 64 }, (_, i) => i)
const commit = (url: string, weights: Uint8Array, embedding: Float32Array): TransactionKindInput => ({
  CommitModel: {
    modelId,
    manifest: { url, checksum: blake2b256(weights), size: BigInt(weights.length) },
    weightsCommitment: blake2b256(weights),
    embeddingCommitment: embeddingCommitment(embedding),
    decryptionKeyCommitment: keyCommitment(key),
  },
})
const submit = (
  url: string,
  embedding: number[],
  distance: number,
  losses: number[],
): TransactionKindInput => ({
  SubmitData: {
    targetId,
    dataManifest: {
      manifest: { url, checksum: blake2b256(new TextEncoder().encode('hello')), size: 5n },
    },
    modelId,
    embedding: vectorTensor(embedding),
    distanceScore: scalarTensor(distance),
    lossScore: vectorTensor(losses),
    bondCoin: ref('aa'),
  },
})
/** What the recording says of an argument that the SDK took from a float. */
const stakeOf = (name: string) =>
  TransactionKind.fromHex(recorded.get(name)!.kind_bcs_hex).CreateModel!.stakeAmount
const urlOf = (name: string) =>
  TransactionKind.fromHex(recorded.get(name)!.kind_bcs_hex).SubmitData!.dataManifest.manifest.url

const wanted: Record<string, TransactionKindInput> = {
  'create_model stake 1.5': {
    CreateModel: { stakeAmount: parseSoma('1.5'), commissionRate: 1000n, architectureVersion: 1n },
  },
  'create_model stake 8.2': {
    CreateModel: {
      stakeAmount: stakeOf('create_model stake 8.2'),
      commissionRate: 0n,
      architectureVersion: 1n,
    },
  },
  commit_model: commit('https://example.com/models/1/model.safetensors.enc', cipher, small),
  'commit_model url to normalise': commit('HTTPS://Example.com:443/a b/../ü?q=1 2#f', cipher, drawn),
  reveal_model: { RevealModel: { modelId, decryptionKey: key, embedding: vectorTensor(small) } },
  'reveal_model 16': { RevealModel: { modelId, decryptionKey: key, embedding: vectorTensor(drawn) } },
  'submit_data one coin': submit(urlOf('submit_data one coin'), [...small], 0.75, [3.5]),
  'submit_data rounding': submit('https://example.com', [0.1, 0.2], 0.9743589, [1 / 3, 2.5]),
  claim_rewards: { ClaimRewards: { targetId } },
  'transfer_coin 0.000000005': {
    TransferCoin: { coin: ref('aa'), amount: parseSoma('0.000000005'), recipient: id('dd') },
  },
  pay_coins: {
    PayCoins: {
      coins: [ref('aa')],
      amounts: [parseSoma('1'), parseSoma('0.25')],
      recipients: [id('dd'), id('ee')],
    },
  },
  transfer_objects: { TransferObjects: { objects: [ref('ab')], recipient: id('dd') } },
  'merge_coins of two': {
    TransferCoin: { coin: ref('ab'), amount: null, recipient: normaliseId(golden.address) },
  },
  'merge_coins of three': {
    TransferCoin: { coin: ref('ad'), amount: null, recipient: normaliseId(golden.address) },
  },
  'add_stake 2': { AddStake: { address: id('0a'), coinRef: ref('aa'), amount: parseSoma('2') } },
  'add_stake all': { AddStake: { address: id('0a'), coinRef: ref('aa'), amount: null } },
  withdraw_stake: { WithdrawStake: { stakedSoma: ref('ac') } },
  'add_stake_to_model 2': { AddStakeToModel: { modelId, coinRef: ref('aa'), amount: parseSoma('2') } },
  'add_stake_to_model all': { AddStakeToModel: { modelId, coinRef: ref('aa'), amount: null } },
  set_model_commission_rate: { SetModelCommissionRate: { modelId, newRate: 600n } },
  deactivate_model: { DeactivateModel: { modelId } },
  report_model: { ReportModel: { modelId } },
  undo_report_model: { UndoReportModel: { modelId } },
  report_submission: { ReportSubmission: { targetId } },
  undo_report_submission: { UndoReportSubmission: { targetId } },
  report_validator: { ReportValidator: { reportee: id('0a') } },
  undo_report_validator: { UndoReportValidator: { reportee: id('0a') } },
  set_validator_commission_rate: { SetCommissionRate: { newRate: 700n } },
}

describe('the transactions of soma-sdk, built from the same arguments', () => {
  it('are all there', () => expect(Object.keys(wanted).sort()).toEqual([...recorded.keys()].sort()))
  for (const [name, kind] of Object.entries(wanted)) {
    it(name, () => {
      const { kind_bcs_hex, tx_data_bcs_hex, ...signed } = recorded.get(name)!
      const { data } = buildTransaction(kind, golden.address, [])
      expect(TransactionKind.serialize(data.kind).toHex()).toBe(kind_bcs_hex)
      // One transaction, its intent, and one signature of 97 bytes.
      const envelope = `01000001${tx_data_bcs_hex}016100${signed.signature_hex}${signed.public_key_hex}`
      expect(signed.signed_envelope_hex).toBe(envelope)
    })
  }
})

describe('faucet, scoring and admin', () => {
  const request = (name: string) => golden.services.find((service: { name: string }) => service.name === name)
  const bytes = (name: string, side: 'hex' | 'answer_hex') => hex.decode(request(name).requests[0][side])
  it('requests of soma-sdk, and what it reads from the answers', () => {
    for (const name of ['score one model', 'score two models seed 7']) {
      const asked = decodeExact(ScoreRequest, bytes(name, 'hex'), 'request')
      expect(ScoreRequest.serialize(asked).toBytes()).toEqual(bytes(name, 'hex'))
      const { winner, lossScore, embedding, distance } = ScoreResponse.parse(bytes(name, 'answer_hex'))
      const read = { winner: Number(winner), loss_score: [...lossScore], embedding: [...embedding] }
      expect({ ...read, distance: [...distance] }).toEqual(request(name).client_reads)
    }
    expect(HealthResponse.parse(bytes('scoring_health', 'answer_hex')).ok).toBe(true)
    expect(GasRequest.parse(bytes('request_faucet', 'hex')).recipient).toBe(golden.address)
    const gas = GasResponse.parse(bytes('request_faucet', 'answer_hex'))
    expect(gas).toMatchObject({ status: 'Success', coinsSent: [{ amount: 2_000_000_000n }] })
    expect(AdvanceEpochResponse.parse(bytes('advance_epoch', 'answer_hex')).epoch).toBe(10n)
  })
  it('everything that a real node and its scorer said encodes to the same bytes', () => {
    type Codec = { serialize(value: never): { toBytes(): Uint8Array } } & Decoder<unknown>
    const types: Record<string, readonly [Codec | null, Codec]> = {
      'Faucet/RequestGas': [GasRequest, GasResponse],
      'Scoring/Score': [ScoreRequest, ScoreResponse],
      'Scoring/Health': [null, HealthResponse],
      'Admin/AdvanceEpoch': [null, AdvanceEpochResponse],
    }
    let checked = 0
    for (const { name, request: asked, response } of exchanges) {
      const pair = Object.entries(types).find(([path]) => asked.path.endsWith(path))?.[1]
      for (const [side, body] of [asked.body, response.body].entries()) {
        const type = pair?.[side]
        const message = payload(body)
        if (!type || message === undefined) continue
        expect(type.serialize(decodeExact(type, message, name) as never).toBytes()).toEqual(message)
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(70)
  })
})

it('addresses of several signers', () => {
  const { sks, weights, threshold, address } = vectors.upstream.multisig_address
  const members = sks.map((secret: string, i: number) => ({
    publicKey: ed25519.getPublicKey(hex.decode(secret)),
    weight: weights[i],
  }))
  expect(multisigAddress(members, threshold)).toBe(`0x${address}`)
})

/**
 * Where the Python package turns floats into shannons our rule is the exact decimal. Each case that differs, and what
 * ours says of the same text; all others agree.
 */
describe('amounts that the Python package takes as floats', () => {
  const differs: Record<string, bigint | 'refused'> = {
    // Below a shannon: cut off there, refused here.
    '5e-10': 'refused',
    '1.5e-9': 'refused',
    '1.0000000001': 'refused',
    '0.30000000000000004': 'refused',
    // Lost to the float: 8,199,999,999 and 123,456,789,123,456,784 there.
    '8.2': 8_200_000_000n,
    '123456789.12345679': 123_456_789_123_456_790n,
    // Not an amount: zero or the largest one there.
    '-1': 'refused',
    nan: 'refused',
    inf: 'refused',
    '20000000000': 'refused',
    // A text of ours has no exponent.
    '1e-9': 'refused',
  }
  const seen = new Set<string>()
  for (const { soma, shannons } of units.to_shannons) {
    it(String(soma), () => {
      const text = String(soma)
      const expected = differs[text] ?? BigInt(shannons.ok)
      if (text in differs) seen.add(text)
      if (expected === 'refused') expect(() => parseSoma(text)).toThrow(StudioError)
      else expect(parseSoma(text)).toBe(expected)
      if (text === '8.2') expect(shannons.ok).toBe('8199999999')
    })
  }
  it('one shannon in decimal digits', () => expect(parseSoma('0.000000001')).toBe(1n))
  it('every listed difference is in the recording', () =>
    expect([...seen].sort()).toEqual(Object.keys(differs).sort()))
})
