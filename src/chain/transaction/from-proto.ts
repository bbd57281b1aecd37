import { StudioError } from '../../lib/studio-error.ts'
import type { ManifestValue } from '../bcs/manifest.ts'
import type { ObjectRef } from '../bcs/primitives.ts'
import { decodeExact } from '../bcs/primitives.ts'
import { scalarTensor, vectorTensor } from '../bcs/tensor.ts'
import { TransactionData, type TransactionKindInput } from '../bcs/transaction.ts'
import type { ObjectReference } from '../generated/soma/rpc/object_reference_pb.js'
import type {
  Manifest,
  Transaction,
  TransactionKind as TransactionKindMessage,
} from '../generated/soma/rpc/transaction_pb.js'
import { digestFromText, normaliseId, type SomaId } from '../ids.ts'
import { invalidField, missingField, required } from '../required.ts'

/**
 * The transaction that a node rebuilds from the structured form (the digest in it is ignored, URLs are
 * normalised, vectors become tensors of shape [length]). Throws 'bad-input' naming an absent or invalid field.
 */
export function transactionFromProto(message: Transaction): TransactionData {
  const data = {
    kind: kindFromProto(required(message.kind, 'kind')),
    sender: idField(message.sender, 'sender'),
    gasPayment: message.gasPayment.map((ref) => refFromProto(ref, 'gas_payment')),
  }
  // Through the bytes once, so that the value has the decoded form.
  return decodeExact(TransactionData, TransactionData.serialize(data).toBytes(), 'transaction')
}

function kindFromProto(message: TransactionKindMessage): TransactionKindInput {
  const { kind } = message
  switch (kind.case) {
    case 'addValidator': {
      const value = kind.value
      return {
        AddValidator: {
          pubkeyBytes: required(value.pubkeyBytes, 'pubkey_bytes'),
          networkPubkeyBytes: required(value.networkPubkeyBytes, 'network_pubkey_bytes'),
          workerPubkeyBytes: required(value.workerPubkeyBytes, 'worker_pubkey_bytes'),
          proofOfPossession: required(value.proofOfPossession, 'proof_of_possession'),
          netAddress: required(value.netAddress, 'net_address'),
          p2pAddress: required(value.p2pAddress, 'p2p_address'),
          primaryAddress: required(value.primaryAddress, 'primary_address'),
          proxyAddress: required(value.proxyAddress, 'proxy_address'),
        },
      }
    }
    case 'removeValidator':
      return { RemoveValidator: { pubkeyBytes: required(kind.value.pubkeyBytes, 'pubkey_bytes') } }
    case 'reportValidator':
      return { ReportValidator: { reportee: idField(kind.value.reportee, 'reportee') } }
    case 'undoReportValidator':
      return { UndoReportValidator: { reportee: idField(kind.value.reportee, 'reportee') } }
    case 'updateValidatorMetadata': {
      const value = kind.value
      return {
        UpdateValidatorMetadata: {
          nextEpochNetworkAddress: value.nextEpochNetworkAddress,
          nextEpochP2pAddress: value.nextEpochP2pAddress,
          nextEpochPrimaryAddress: value.nextEpochPrimaryAddress,
          nextEpochProxyAddress: value.nextEpochProxyAddress,
          nextEpochProtocolPubkey: value.nextEpochProtocolPubkey,
          nextEpochWorkerPubkey: value.nextEpochWorkerPubkey,
          nextEpochNetworkPubkey: value.nextEpochNetworkPubkey,
          nextEpochProofOfPossession: value.nextEpochProofOfPossession,
        },
      }
    }
    case 'setCommissionRate':
      return { SetCommissionRate: { newRate: required(kind.value.newRate, 'new_rate') } }
    case 'transferCoin': {
      const { coin, amount, recipient } = kind.value
      return {
        TransferCoin: {
          coin: refFromProto(coin, 'coin'),
          amount,
          recipient: idField(recipient, 'recipient'),
        },
      }
    }
    case 'payCoins': {
      const { coins, amounts, recipients } = kind.value
      return {
        PayCoins: {
          coins: coins.map((ref) => refFromProto(ref, 'coins')),
          amounts,
          recipients: recipients.map((recipient) => idField(recipient, 'recipients')),
        },
      }
    }
    case 'transferObjects': {
      const { objects, recipient } = kind.value
      return {
        TransferObjects: {
          objects: objects.map((ref) => refFromProto(ref, 'objects')),
          recipient: idField(recipient, 'recipient'),
        },
      }
    }
    case 'addStake': {
      const { address, coinRef, amount } = kind.value
      return {
        AddStake: {
          address: idField(address, 'address'),
          coinRef: refFromProto(coinRef, 'coin_ref'),
          amount,
        },
      }
    }
    case 'withdrawStake':
      return { WithdrawStake: { stakedSoma: refFromProto(kind.value.stakedSoma, 'staked_soma') } }
    case 'createModel': {
      const { stakeAmount, commissionRate, architectureVersion } = kind.value
      return {
        CreateModel: {
          stakeAmount: required(stakeAmount, 'stake_amount'),
          commissionRate: required(commissionRate, 'commission_rate'),
          architectureVersion: required(architectureVersion, 'architecture_version'),
        },
      }
    }
    case 'commitModel': {
      const value = kind.value
      return {
        CommitModel: {
          modelId: idField(value.modelId, 'model_id'),
          manifest: manifestFromProto(value.manifest),
          weightsCommitment: bytes32(value.weightsCommitment, 'weights_commitment'),
          embeddingCommitment: bytes32(value.embeddingCommitment, 'embedding_commitment'),
          decryptionKeyCommitment: bytes32(value.decryptionKeyCommitment, 'decryption_key_commitment'),
        },
      }
    }
    case 'revealModel': {
      const { modelId, decryptionKey, embedding } = kind.value
      return {
        RevealModel: {
          modelId: idField(modelId, 'model_id'),
          decryptionKey: bytes32(decryptionKey, 'decryption_key'),
          embedding: vectorTensor(embedding),
        },
      }
    }
    case 'addStakeToModel': {
      const { modelId, coinRef, amount } = kind.value
      return {
        AddStakeToModel: {
          modelId: idField(modelId, 'model_id'),
          coinRef: refFromProto(coinRef, 'coin_ref'),
          amount,
        },
      }
    }
    case 'setModelCommissionRate': {
      const { modelId, newRate } = kind.value
      return {
        SetModelCommissionRate: {
          modelId: idField(modelId, 'model_id'),
          newRate: required(newRate, 'new_rate'),
        },
      }
    }
    case 'deactivateModel':
      return { DeactivateModel: { modelId: idField(kind.value.modelId, 'model_id') } }
    case 'reportModel':
      return { ReportModel: { modelId: idField(kind.value.modelId, 'model_id') } }
    case 'undoReportModel':
      return { UndoReportModel: { modelId: idField(kind.value.modelId, 'model_id') } }
    case 'submitData': {
      const value = kind.value
      return {
        SubmitData: {
          targetId: idField(value.targetId, 'target_id'),
          dataManifest: {
            manifest: manifestFromProto(required(value.dataManifest, 'data_manifest').manifest),
          },
          modelId: idField(value.modelId, 'model_id'),
          embedding: vectorTensor(value.embedding),
          distanceScore: scalarTensor(required(value.distanceScore, 'distance_score')),
          lossScore: vectorTensor(value.lossScore),
          bondCoin: refFromProto(value.bondCoin, 'bond_coin'),
        },
      }
    }
    case 'claimRewards':
      return { ClaimRewards: { targetId: idField(kind.value.targetId, 'target_id') } }
    case 'reportSubmission':
      return { ReportSubmission: { targetId: idField(kind.value.targetId, 'target_id') } }
    case 'undoReportSubmission':
      return { UndoReportSubmission: { targetId: idField(kind.value.targetId, 'target_id') } }
    case undefined:
      throw missingField('kind')
    default:
      throw new StudioError('unsupported', `Transactions of kind ${kind.case} are not accepted.`)
  }
}

/** A manifest out of its structured form, its URL normalised as a node does it. */
export function manifestFromProto(manifest: Manifest | undefined): ManifestValue {
  const { url, metadata } = required(required(manifest, 'manifest').version.value, 'manifest.v1')
  const { checksum, size } = required(required(metadata, 'metadata').version.value, 'metadata.v1')
  const text = required(url, 'url')
  if (!URL.canParse(text)) throw invalidField('url')
  return {
    url: new URL(text).href,
    checksum: bytes32(checksum, 'checksum'),
    size: required(size, 'size'),
  }
}

function refFromProto(ref: ObjectReference | undefined, field: string): ObjectRef {
  const { objectId, version, digest } = required(ref, field)
  return {
    objectId: idField(objectId, 'object_id'),
    version: required(version, 'version'),
    digest: digestField(digest),
  }
}

function digestField(text: string | undefined): Uint8Array {
  try {
    return digestFromText(required(text, 'digest'))
  } catch (error) {
    throw text === undefined ? error : invalidField('digest', error)
  }
}

function idField(text: string | undefined, field: string): SomaId {
  const value = required(text, field)
  try {
    return normaliseId(value)
  } catch (error) {
    throw invalidField(field, error)
  }
}

function bytes32(bytes: Uint8Array | undefined, field: string): Uint8Array {
  const value = required(bytes, field)
  if (value.length !== 32) throw invalidField(field)
  return value
}
