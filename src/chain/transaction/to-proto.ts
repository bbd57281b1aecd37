import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { StudioError } from '../../lib/studio-error.ts'
import type { ManifestValue } from '../bcs/manifest.ts'
import type { ObjectRef } from '../bcs/primitives.ts'
import { scalarOf } from '../bcs/tensor.ts'
import { TransactionData, type TransactionKind } from '../bcs/transaction.ts'
import { transactionDigest } from '../digests.ts'
import {
  type ManifestSchema,
  type Transaction,
  TransactionSchema,
} from '../generated/soma/rpc/transaction_pb.js'
import { digestToText, type SomaId } from '../ids.ts'

type KindInit = NonNullable<NonNullable<MessageInitShape<typeof TransactionSchema>['kind']>['kind']>
type FormatId = (id: SomaId) => string

/**
 * A transaction as the RPC wants it: structured, from which a node rebuilds the BCS bytes that were signed.
 * Zero values are set explicitly, because a node refuses absent fields. `formatId` chooses the text form of ids.
 * Throws 'unsupported' for system transactions and for what protobuf cannot express.
 */
export function transactionToProto(data: TransactionData, formatId: FormatId = (id) => id): Transaction {
  return create(TransactionSchema, {
    digest: digestToText(transactionDigest(TransactionData.serialize(data).toBytes())),
    kind: { kind: kindToProto(data.kind, formatId) },
    sender: formatId(data.sender),
    gasPayment: data.gasPayment.map((ref) => refToProto(ref, formatId)),
  })
}

function kindToProto(kind: TransactionKind, id: FormatId): KindInit {
  switch (kind.$kind) {
    case 'Genesis':
    case 'ConsensusCommitPrologueV1':
    case 'ChangeEpoch':
      throw new StudioError('unsupported', 'Only the network itself makes system transactions.')
    case 'AddValidator':
      return { case: 'addValidator', value: kind.AddValidator }
    case 'RemoveValidator':
      return { case: 'removeValidator', value: kind.RemoveValidator }
    case 'ReportValidator':
      return { case: 'reportValidator', value: { reportee: id(kind.ReportValidator.reportee) } }
    case 'UndoReportValidator':
      return { case: 'undoReportValidator', value: { reportee: id(kind.UndoReportValidator.reportee) } }
    case 'UpdateValidatorMetadata':
      return { case: 'updateValidatorMetadata', value: withoutNulls(kind.UpdateValidatorMetadata) }
    case 'SetCommissionRate':
      return { case: 'setCommissionRate', value: kind.SetCommissionRate }
    case 'TransferCoin': {
      const { coin, amount, recipient } = kind.TransferCoin
      const value = { coin: refToProto(coin, id), ...optionalAmount(amount), recipient: id(recipient) }
      return { case: 'transferCoin', value }
    }
    case 'PayCoins': {
      const { coins, amounts, recipients } = kind.PayCoins
      if (amounts === null) {
        throw new StudioError(
          'unsupported',
          'A payment must name its amounts: a node cannot be told otherwise.',
        )
      }
      const refs = coins.map((ref) => refToProto(ref, id))
      return { case: 'payCoins', value: { coins: refs, amounts, recipients: recipients.map(id) } }
    }
    case 'TransferObjects': {
      const { objects, recipient } = kind.TransferObjects
      const refs = objects.map((ref) => refToProto(ref, id))
      return { case: 'transferObjects', value: { objects: refs, recipient: id(recipient) } }
    }
    case 'AddStake': {
      const { address, coinRef, amount } = kind.AddStake
      const value = { address: id(address), coinRef: refToProto(coinRef, id), ...optionalAmount(amount) }
      return { case: 'addStake', value }
    }
    case 'WithdrawStake':
      return { case: 'withdrawStake', value: { stakedSoma: refToProto(kind.WithdrawStake.stakedSoma, id) } }
    case 'CreateModel':
      return { case: 'createModel', value: kind.CreateModel }
    case 'CommitModel': {
      const { modelId, manifest, ...commitments } = kind.CommitModel
      const value = { modelId: id(modelId), manifest: manifestToProto(manifest), ...commitments }
      return { case: 'commitModel', value }
    }
    case 'RevealModel': {
      const { modelId, decryptionKey, embedding } = kind.RevealModel
      return {
        case: 'revealModel',
        value: { modelId: id(modelId), decryptionKey, embedding: [...embedding.values] },
      }
    }
    case 'AddStakeToModel': {
      const { modelId, coinRef, amount } = kind.AddStakeToModel
      const value = { modelId: id(modelId), coinRef: refToProto(coinRef, id), ...optionalAmount(amount) }
      return { case: 'addStakeToModel', value }
    }
    case 'SetModelCommissionRate': {
      const { modelId, newRate } = kind.SetModelCommissionRate
      return { case: 'setModelCommissionRate', value: { modelId: id(modelId), newRate } }
    }
    case 'DeactivateModel':
      return { case: 'deactivateModel', value: { modelId: id(kind.DeactivateModel.modelId) } }
    case 'ReportModel':
      return { case: 'reportModel', value: { modelId: id(kind.ReportModel.modelId) } }
    case 'UndoReportModel':
      return { case: 'undoReportModel', value: { modelId: id(kind.UndoReportModel.modelId) } }
    case 'SubmitData': {
      const submit = kind.SubmitData
      const value = {
        targetId: id(submit.targetId),
        dataManifest: { manifest: manifestToProto(submit.dataManifest.manifest) },
        modelId: id(submit.modelId),
        embedding: [...submit.embedding.values],
        distanceScore: scalarOf(submit.distanceScore),
        lossScore: [...submit.lossScore.values],
        bondCoin: refToProto(submit.bondCoin, id),
      }
      return { case: 'submitData', value }
    }
    case 'ClaimRewards':
      return { case: 'claimRewards', value: { targetId: id(kind.ClaimRewards.targetId) } }
    case 'ReportSubmission':
      return { case: 'reportSubmission', value: { targetId: id(kind.ReportSubmission.targetId) } }
    case 'UndoReportSubmission':
      return { case: 'undoReportSubmission', value: { targetId: id(kind.UndoReportSubmission.targetId) } }
    default:
      return kind satisfies never
  }
}

function refToProto(ref: ObjectRef, id: FormatId) {
  return { objectId: id(ref.objectId), version: ref.version, digest: digestToText(ref.digest) }
}

/** The structured form of a manifest, for transactions and registry entries alike. */
export function manifestToProto({
  url,
  checksum,
  size,
}: ManifestValue): MessageInitShape<typeof ManifestSchema> {
  const metadata = { version: { case: 'v1' as const, value: { checksum, size } } }
  return { version: { case: 'v1', value: { url, metadata } } }
}

function optionalAmount(amount: bigint | null): { amount?: bigint } {
  return amount === null ? {} : { amount }
}

function withoutNulls(fields: Record<string, Uint8Array | null>): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Uint8Array] => entry[1] !== null),
  )
}
