import { createClient, type Transport } from '@connectrpc/connect'
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  CoinValue,
  type ManifestValue,
  type ObjectRef,
  TransactionData,
  type TransactionKindInput,
} from '../chain/bcs/index.ts'
import { embeddingCommitment, keyCommitment } from '../chain/commitments.ts'
import { deriveId, signingHash, transactionDigest } from '../chain/digests.ts'
import type { ExecutedTransaction } from '../chain/generated/soma/rpc/executed_transaction_pb.js'
import { LedgerService } from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { StateService } from '../chain/generated/soma/rpc/state_service_pb.js'
import type { Model } from '../chain/generated/soma/rpc/system_state_pb.js'
import { TransactionExecutionService } from '../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import { digestFromText, normaliseId, type SomaId } from '../chain/ids.ts'
import { addressOf, joinSignature, signatureToProto } from '../chain/signature.ts'
import { transactionToProto } from '../chain/transaction/to-proto.ts'

export interface AccountModel {
  readonly id: SomaId
  readonly key: Uint8Array
  readonly embedding: Float32Array
}

/** An account on a network, by plain Connect clients: how a test or a script takes part; it has no other way in. */
export class AccountClient {
  readonly ledger
  readonly state
  readonly execution
  readonly address: SomaId
  readonly #secret: Uint8Array

  constructor(transport: Transport, secret: Uint8Array) {
    this.ledger = createClient(LedgerService, transport)
    this.state = createClient(StateService, transport)
    this.execution = createClient(TransactionExecutionService, transport)
    this.#secret = secret
    this.address = addressOf(ed25519.getPublicKey(secret))
  }

  /** Coins by falling balance. */
  async coins(): Promise<(ObjectRef & { readonly balance: bigint })[]> {
    const paths = ['object_id', 'version', 'digest', 'contents']
    const { objects } = await this.state.listOwnedObjects({
      owner: this.address,
      objectType: 'Coin',
      readMask: { paths },
    })
    return objects.map((object) => ({
      objectId: normaliseId(object.objectId!),
      version: object.version!,
      digest: digestFromText(object.digest!),
      balance: CoinValue.parse(object.contents!).balance,
    }))
  }

  async build(kind: TransactionKindInput, gas?: ObjectRef): Promise<TransactionData> {
    const gasPayment = [gas ?? (await this.coins())[0]!]
    return TransactionData.parse(
      TransactionData.serialize({ kind, sender: this.address, gasPayment }).toBytes(),
    )
  }

  sign(data: TransactionData): Uint8Array {
    const hash = signingHash(TransactionData.serialize(data).toBytes())
    return joinSignature(ed25519.sign(hash, this.#secret), ed25519.getPublicKey(this.#secret))
  }

  async submit(data: TransactionData, signature = this.sign(data)): Promise<ExecutedTransaction> {
    const { transaction } = await this.execution.executeTransaction({
      transaction: transactionToProto(data),
      signatures: [signatureToProto(signature)],
      readMask: { paths: ['effects', 'balance_changes', 'objects.objects'] },
    })
    return transaction!
  }

  async execute(kind: TransactionKindInput): Promise<ExecutedTransaction> {
    return this.submit(await this.build(kind))
  }

  /** Executes a transaction that must succeed; returns its digest. */
  async succeed(kind: TransactionKindInput): Promise<Uint8Array> {
    const data = await this.build(kind)
    const { effects } = await this.submit(data)
    if (effects?.status?.success !== true) {
      throw new Error(`${effects?.status?.error?.description} for ${Object.keys(kind)[0]}`)
    }
    return transactionDigest(TransactionData.serialize(data).toBytes())
  }

  async create(stakeAmount = 1_000_000_000n, commissionRate = 1000n): Promise<SomaId> {
    const kind = { CreateModel: { stakeAmount, commissionRate, architectureVersion: 1n } }
    return deriveId(await this.succeed(kind), 0)
  }

  async commit(
    { id, key, embedding }: AccountModel,
    hosted: ManifestValue = { url: 'https://example.com/m', checksum: new Uint8Array(32).fill(7), size: 10n },
  ): Promise<void> {
    await this.succeed({
      CommitModel: {
        modelId: id,
        manifest: hosted,
        weightsCommitment: hosted.checksum,
        embeddingCommitment: embeddingCommitment(embedding),
        decryptionKeyCommitment: keyCommitment(key),
      },
    })
  }

  reveal({ id, key, embedding }: AccountModel): TransactionKindInput {
    const tensor = { values: embedding, shape: [embedding.length] }
    return { RevealModel: { modelId: id, decryptionKey: key, embedding: tensor } }
  }

  async model(id: SomaId): Promise<Model> {
    const { epoch } = await this.ledger.getEpoch({ readMask: { paths: ['system_state'] } })
    return epoch!.systemState!.modelRegistry!.models[id]!
  }
}
