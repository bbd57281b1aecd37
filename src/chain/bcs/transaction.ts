import { bcs } from '@mysten/bcs'
import { Manifest, SubmissionManifest } from './manifest.ts'
import { ObjectBcs } from './object.ts'
import { Bytes, Digest32, Id32, ObjectRef, U64 } from './primitives.ts'
import { SomaTensor } from './tensor.ts'

const reportee = { reportee: Id32 }
const modelOnly = { modelId: Id32 }
const targetOnly = { targetId: Id32 }
const OptionBytes = bcs.option(Bytes)

/** All 26 kinds of protocol version 5, in the order of their BCS index. */
export const TransactionKind = bcs.enum('TransactionKind', {
  Genesis: bcs.struct('Genesis', { objects: bcs.vector(ObjectBcs) }),
  ConsensusCommitPrologueV1: bcs.struct('ConsensusCommitPrologueV1', {
    epoch: U64,
    round: U64,
    subDagIndex: bcs.option(U64),
    commitTimestampMs: U64,
    consensusCommitDigest: Digest32,
    additionalStateDigest: Digest32,
  }),
  ChangeEpoch: bcs.struct('ChangeEpoch', {
    epoch: U64,
    epochStartTimestampMs: U64,
    protocolVersion: U64,
    fees: U64,
    epochRandomness: Bytes,
  }),
  AddValidator: bcs.struct('AddValidator', {
    pubkeyBytes: Bytes,
    networkPubkeyBytes: Bytes,
    workerPubkeyBytes: Bytes,
    proofOfPossession: Bytes,
    netAddress: Bytes,
    p2pAddress: Bytes,
    primaryAddress: Bytes,
    proxyAddress: Bytes,
  }),
  RemoveValidator: bcs.struct('RemoveValidator', { pubkeyBytes: Bytes }),
  ReportValidator: bcs.struct('ReportValidator', reportee),
  UndoReportValidator: bcs.struct('UndoReportValidator', reportee),
  UpdateValidatorMetadata: bcs.struct('UpdateValidatorMetadata', {
    nextEpochNetworkAddress: OptionBytes,
    nextEpochP2pAddress: OptionBytes,
    nextEpochPrimaryAddress: OptionBytes,
    nextEpochProxyAddress: OptionBytes,
    nextEpochProtocolPubkey: OptionBytes,
    nextEpochWorkerPubkey: OptionBytes,
    nextEpochNetworkPubkey: OptionBytes,
    nextEpochProofOfPossession: OptionBytes,
  }),
  SetCommissionRate: bcs.struct('SetCommissionRate', { newRate: U64 }),
  TransferCoin: bcs.struct('TransferCoin', { coin: ObjectRef, amount: bcs.option(U64), recipient: Id32 }),
  PayCoins: bcs.struct('PayCoins', {
    coins: bcs.vector(ObjectRef),
    amounts: bcs.option(bcs.vector(U64)),
    recipients: bcs.vector(Id32),
  }),
  TransferObjects: bcs.struct('TransferObjects', { objects: bcs.vector(ObjectRef), recipient: Id32 }),
  AddStake: bcs.struct('AddStake', { address: Id32, coinRef: ObjectRef, amount: bcs.option(U64) }),
  WithdrawStake: bcs.struct('WithdrawStake', { stakedSoma: ObjectRef }),
  CreateModel: bcs.struct('CreateModel', {
    stakeAmount: U64,
    commissionRate: U64,
    architectureVersion: U64,
  }),
  CommitModel: bcs.struct('CommitModel', {
    modelId: Id32,
    manifest: Manifest,
    weightsCommitment: Digest32,
    embeddingCommitment: Digest32,
    decryptionKeyCommitment: Digest32,
  }),
  RevealModel: bcs.struct('RevealModel', { modelId: Id32, decryptionKey: Digest32, embedding: SomaTensor }),
  AddStakeToModel: bcs.struct('AddStakeToModel', {
    modelId: Id32,
    coinRef: ObjectRef,
    amount: bcs.option(U64),
  }),
  SetModelCommissionRate: bcs.struct('SetModelCommissionRate', { modelId: Id32, newRate: U64 }),
  DeactivateModel: bcs.struct('DeactivateModel', modelOnly),
  ReportModel: bcs.struct('ReportModel', modelOnly),
  UndoReportModel: bcs.struct('UndoReportModel', modelOnly),
  SubmitData: bcs.struct('SubmitData', {
    targetId: Id32,
    dataManifest: SubmissionManifest,
    modelId: Id32,
    embedding: SomaTensor,
    distanceScore: SomaTensor,
    lossScore: SomaTensor,
    bondCoin: ObjectRef,
  }),
  ClaimRewards: bcs.struct('ClaimRewards', targetOnly),
  ReportSubmission: bcs.struct('ReportSubmission', targetOnly),
  UndoReportSubmission: bcs.struct('UndoReportSubmission', targetOnly),
})
/** `{$kind: 'CreateModel', CreateModel: {...}}`, one member per kind. */
export type TransactionKind = typeof TransactionKind.$inferType
/** What building takes: `{CreateModel: {...}}`. */
export type TransactionKindInput = typeof TransactionKind.$inferInput

const Wire = bcs.enum('TransactionData', {
  V1: bcs.struct('TransactionDataV1', {
    kind: TransactionKind,
    sender: Id32,
    gasPayment: bcs.vector(ObjectRef),
  }),
})
type WireInput = (typeof Wire.$inferInput)['V1']
type WireOutput = (typeof Wire.$inferType)['V1']

/** What is hashed and signed; the version byte (V1 = 0) is hidden here. */
export const TransactionData = Wire.transform<WireOutput, WireInput>({
  input: (V1) => ({ V1 }),
  output: ({ V1 }) => V1,
})
export type TransactionData = WireOutput
export type TransactionDataInput = WireInput
