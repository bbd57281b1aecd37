import { describe, expect, it } from 'vitest'
import type { TransactionKindInput } from '../bcs/transaction.ts'
import { buildTransaction } from './build-transaction.ts'
import { forecastFee, type KnownAmounts } from './forecast-fee.ts'

const id = (byte: string) => `0x${byte.repeat(32)}`
const ref = (byte: string) => ({ objectId: id(byte), version: 1n, digest: new Uint8Array(32) })
const manifest = { url: 'https://example.com/d', checksum: new Uint8Array(32), size: 360n }
const tensor = { values: new Float32Array(16), shape: [16] }
const scalar = { values: new Float32Array(1), shape: [1] }
const digest = new Uint8Array(32)
const submit = {
  targetId: id('01'),
  dataManifest: { manifest },
  modelId: id('02'),
  embedding: tensor,
  distanceScore: scalar,
  lossScore: scalar,
}

/** Fees charged by a real node: [base, operation, value], at the rate of that epoch. */
const observed: [
  name: string,
  bps: bigint,
  fee: [number, number, number],
  TransactionKindInput,
  KnownAmounts?,
][] = [
  [
    'create',
    10n,
    [1000, 900, 500_000],
    { CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n } },
  ],
  [
    'create, odd rate',
    7n,
    [1000, 900, 300_000],
    { CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n } },
  ],
  [
    'commit',
    10n,
    [1000, 600, 0],
    {
      CommitModel: {
        modelId: id('02'),
        manifest,
        weightsCommitment: digest,
        embeddingCommitment: digest,
        decryptionKeyCommitment: digest,
      },
    },
  ],
  [
    'reveal',
    10n,
    [1000, 600, 0],
    { RevealModel: { modelId: id('02'), decryptionKey: digest, embedding: tensor } },
  ],
  ['submit', 10n, [1000, 1500, 0], { SubmitData: { ...submit, bondCoin: ref('0b') } }],
  [
    'claim of a filled target',
    7n,
    [1000, 1800, 3805],
    { ClaimRewards: { targetId: id('01') } },
    { rewardPool: 12_685_185n },
  ],
  [
    'add stake from another coin',
    7n,
    [1000, 1200, 150_000],
    { AddStakeToModel: { modelId: id('02'), coinRef: ref('0b'), amount: 500_000_000n } },
  ],
  [
    'withdraw',
    7n,
    [1000, 900, 300_000],
    { WithdrawStake: { stakedSoma: ref('0c') } },
    { principal: 1_000_000_000n },
  ],
  [
    'transfer from another coin',
    10n,
    [1000, 900, 1000],
    { TransferCoin: { coin: ref('0b'), amount: 1_000_000n, recipient: id('0d') } },
  ],
  [
    'transfer from the gas coin',
    10n,
    [1000, 600, 0],
    { TransferCoin: { coin: ref('0a'), amount: 5n, recipient: id('0d') } },
  ],
  [
    'transfer of a whole coin',
    10n,
    [1000, 600, 2_000_000],
    { TransferCoin: { coin: ref('0b'), amount: null, recipient: id('0d') } },
    { coinBalance: 2_000_000_000n },
  ],
  [
    'two payments',
    10n,
    [1000, 1200, 0],
    { PayCoins: { coins: [ref('0b')], amounts: [7n, 8n], recipients: [id('0d'), id('0e')] } },
  ],
]

describe('fees as a real node charged them', () => {
  for (const [name, valueFeeBps, [baseFee, operationFee, valueFee], kind, known] of observed) {
    it(name, () => {
      const { data } = buildTransaction(kind, id('0f'), [ref('0a')])
      const fee = forecastFee(data, { baseFee: 1000n, writeObjectFee: 300n, valueFeeBps }, known)
      expect(fee).toEqual({
        baseFee: BigInt(baseFee),
        operationFee: BigInt(operationFee),
        valueFee: BigInt(valueFee),
        totalFee: BigInt(baseFee + operationFee + valueFee),
      })
    })
  }
})
