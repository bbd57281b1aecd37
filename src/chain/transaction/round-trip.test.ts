import { describe, expect, it } from 'vitest'
import { decodeExact } from '../bcs/primitives.ts'
import { vectorTensor } from '../bcs/tensor.ts'
import { TransactionData, type TransactionKindInput } from '../bcs/transaction.ts'
import { createRandomSource } from '../fuzz/random-source.ts'
import { idFromBytes } from '../ids.ts'
import { transactionFromProto } from './from-proto.ts'
import { transactionToProto } from './to-proto.ts'

/** Random values of every field type, the same in every run. */
function randomValues(seed: number) {
  const { below, bytes } = createRandomSource(seed)
  const next = () => below(2 ** 32)
  // Zero and the largest value often: they are what encoders get wrong.
  const u64 = () => [0n, 2n ** 64n - 1n, BigInt(next()), (BigInt(next()) << 32n) | BigInt(next())][below(4)]!
  const many = <T>(make: () => T) => Array.from({ length: below(4) }, make)
  const id = () => idFromBytes(bytes(32))
  const ref = () => ({ objectId: id(), version: u64(), digest: bytes(32) })
  const option = <T>(make: () => T) => (below(2) === 0 ? null : make())
  const blob = () => bytes(below(5))
  const floats = (length: number) =>
    vectorTensor(Array.from({ length }, () => [0, -0, 1e-45, next() / 7e8 - 3][below(4)]!))
  const manifest = () => ({ url: `https://example.com/${next()}?q=%C3%BC`, checksum: bytes(32), size: u64() })
  return { u64, many, id, ref, option, blob, floats, manifest, bytes, below }
}

/** One value of each kind that users send. */
function userKinds(seed: number): TransactionKindInput[] {
  const { u64, many, id, ref, option, blob, floats, manifest, bytes, below } = randomValues(seed)
  return [
    {
      AddValidator: {
        pubkeyBytes: blob(),
        networkPubkeyBytes: blob(),
        workerPubkeyBytes: blob(),
        proofOfPossession: blob(),
        netAddress: blob(),
        p2pAddress: blob(),
        primaryAddress: blob(),
        proxyAddress: blob(),
      },
    },
    { RemoveValidator: { pubkeyBytes: blob() } },
    { ReportValidator: { reportee: id() } },
    { UndoReportValidator: { reportee: id() } },
    {
      UpdateValidatorMetadata: {
        nextEpochNetworkAddress: option(blob),
        nextEpochP2pAddress: option(blob),
        nextEpochPrimaryAddress: option(blob),
        nextEpochProxyAddress: option(blob),
        nextEpochProtocolPubkey: option(blob),
        nextEpochWorkerPubkey: option(blob),
        nextEpochNetworkPubkey: option(blob),
        nextEpochProofOfPossession: option(blob),
      },
    },
    { SetCommissionRate: { newRate: u64() } },
    { TransferCoin: { coin: ref(), amount: option(u64), recipient: id() } },
    { PayCoins: { coins: many(ref), amounts: many(u64), recipients: many(id) } },
    { TransferObjects: { objects: many(ref), recipient: id() } },
    { AddStake: { address: id(), coinRef: ref(), amount: option(u64) } },
    { WithdrawStake: { stakedSoma: ref() } },
    { CreateModel: { stakeAmount: u64(), commissionRate: u64(), architectureVersion: u64() } },
    {
      CommitModel: {
        modelId: id(),
        manifest: manifest(),
        weightsCommitment: bytes(32),
        embeddingCommitment: bytes(32),
        decryptionKeyCommitment: bytes(32),
      },
    },
    { RevealModel: { modelId: id(), decryptionKey: bytes(32), embedding: floats(below(70)) } },
    { AddStakeToModel: { modelId: id(), coinRef: ref(), amount: option(u64) } },
    { SetModelCommissionRate: { modelId: id(), newRate: u64() } },
    { DeactivateModel: { modelId: id() } },
    { ReportModel: { modelId: id() } },
    { UndoReportModel: { modelId: id() } },
    {
      SubmitData: {
        targetId: id(),
        dataManifest: { manifest: manifest() },
        modelId: id(),
        embedding: floats(16),
        distanceScore: floats(1),
        lossScore: floats(below(4)),
        bondCoin: ref(),
      },
    },
    { ClaimRewards: { targetId: id() } },
    { ReportSubmission: { targetId: id() } },
    { UndoReportSubmission: { targetId: id() } },
  ]
}

/** One value of each kind that only the network makes. */
function systemKinds(seed: number): TransactionKindInput[] {
  const { u64, id, option, blob, bytes } = randomValues(seed)
  const object = {
    objectId: id(),
    objectType: 'Coin' as const,
    version: u64(),
    contents: blob(),
    owner: { Shared: { initialSharedVersion: u64() } },
    previousTransaction: bytes(32),
  }
  return [
    { Genesis: { objects: [object, { ...object, objectType: 'Target', owner: { Immutable: true } }] } },
    {
      ConsensusCommitPrologueV1: {
        epoch: u64(),
        round: u64(),
        subDagIndex: option(u64),
        commitTimestampMs: u64(),
        consensusCommitDigest: bytes(32),
        additionalStateDigest: bytes(32),
      },
    },
    {
      ChangeEpoch: {
        epoch: u64(),
        epochStartTimestampMs: u64(),
        protocolVersion: u64(),
        fees: u64(),
        epochRandomness: blob(),
      },
    },
  ]
}

const encode = (kind: TransactionKindInput, seed: number) => {
  const { id, ref, many } = randomValues(seed + 1)
  return TransactionData.serialize({ kind, sender: id(), gasPayment: many(ref) }).toBytes()
}

describe('random transactions', () => {
  const seeds = Array.from({ length: 20 }, (_, i) => 1 + 7919 * i)
  it('covers all 26 kinds', () => {
    expect(userKinds(1).length + systemKinds(1).length).toBe(26)
  })
  it('decode and encode to the same bytes', () => {
    for (const seed of seeds) {
      for (const kind of [...userKinds(seed), ...systemKinds(seed)]) {
        const bytes = encode(kind, seed)
        expect(
          TransactionData.serialize(decodeExact(TransactionData, bytes, 'transaction')).toBytes(),
        ).toEqual(bytes)
      }
    }
  })
  it('are rebuilt from their structured form to the same bytes', () => {
    for (const seed of seeds) {
      for (const kind of userKinds(seed)) {
        const bytes = encode(kind, seed)
        const structured = transactionToProto(decodeExact(TransactionData, bytes, 'transaction'))
        expect(TransactionData.serialize(transactionFromProto(structured)).toBytes()).toEqual(bytes)
      }
    }
  })
  it('cut short or made longer they are corrupt, never something else', () => {
    for (const kind of [...userKinds(3), ...systemKinds(3)]) {
      const bytes = encode(kind, 3)
      const longer = Uint8Array.of(...bytes, 0)
      expect(() => decodeExact(TransactionData, longer, 'transaction')).toThrow(/longer/)
      for (let length = 0; length < bytes.length; length += 7) {
        // A view on the whole: nothing may be read beyond its end.
        expect(() => decodeExact(TransactionData, bytes.subarray(0, length), 'transaction')).toThrow(
          /could not be decoded/,
        )
      }
    }
  })
})
