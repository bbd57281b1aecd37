import { StudioError } from '../lib/studio-error.ts'
import type { ManifestValue } from './bcs/manifest.ts'
import type { Model } from './generated/soma/rpc/system_state_pb.js'
import type { Manifest, PendingModelUpdate } from './generated/soma/rpc/transaction_pb.js'
import { normaliseId, type SomaId } from './ids.ts'

export type ModelStateName = 'created' | 'pending' | 'active' | 'inactive'

export interface CommitmentsView {
  readonly manifest: ManifestValue
  readonly weightsCommitment: Uint8Array
  readonly embeddingCommitment: Uint8Array
  readonly keyCommitment: Uint8Array
}

/** A registry entry. What a state does not have is null. */
export interface ModelView {
  readonly id: SomaId
  readonly owner: SomaId
  readonly state: ModelStateName
  readonly architectureVersion: bigint
  readonly poolId: SomaId
  /** Shannons in the model's staking pool. */
  readonly stake: bigint
  /** In which it was first revealed, 0 for one of genesis; null before. */
  readonly activationEpoch: bigint | null
  /** Basis points. */
  readonly commissionRate: bigint
  readonly nextCommissionRate: bigint
  readonly manifest: ManifestValue | null
  readonly weightsCommitment: Uint8Array | null
  readonly embeddingCommitment: Uint8Array | null
  readonly keyCommitment: Uint8Array | null
  /** Null before the reveal, and for models slashed before it (the chain then holds 32 zero bytes). */
  readonly decryptionKey: Uint8Array | null
  /** Null where it was never revealed. */
  readonly embedding: Float32Array | null
  /** Only while pending. */
  readonly commitEpoch: bigint | null
  /** Only while created. */
  readonly createEpoch: bigint | null
  readonly pendingUpdate: (CommitmentsView & { readonly commitEpoch: bigint }) | null
  /** Whether weights can be fetched and decrypted: a manifest, a usable key and an embedding. */
  readonly downloadable: boolean
}

const STATES: readonly string[] = ['created', 'pending', 'active', 'inactive'] satisfies ModelStateName[]

/** A registry entry out of its protobuf form; throws 'corrupt' where a needed field is absent. */
export function modelView(id: string, model: Model): ModelView {
  const pool = need(model.stakingPool, 'staking pool')
  const state = need(model.state, 'state')
  if (!STATES.includes(state)) throw new StudioError('corrupt', `A model has the unknown state "${state}".`)
  const manifest = manifestView(model.manifest)
  const decryptionKey = usableKey(model.decryptionKey)
  const embedding = model.embedding.length === 0 ? null : Float32Array.from(model.embedding)
  return {
    id: normaliseId(id),
    owner: normaliseId(need(model.owner, 'owner')),
    state: state as ModelStateName,
    architectureVersion: need(model.architectureVersion, 'architecture version'),
    poolId: normaliseId(need(pool.id, 'staking pool id')),
    stake: need(pool.somaBalance, 'stake'),
    activationEpoch: pool.activationEpoch ?? null,
    commissionRate: need(model.commissionRate, 'commission rate'),
    nextCommissionRate: model.nextEpochCommissionRate ?? need(model.commissionRate, 'commission rate'),
    manifest,
    weightsCommitment: model.weightsCommitment ?? null,
    embeddingCommitment: model.embeddingCommitment ?? null,
    keyCommitment: model.decryptionKeyCommitment ?? null,
    decryptionKey,
    embedding,
    commitEpoch: model.commitEpoch ?? null,
    createEpoch: model.createEpoch ?? null,
    pendingUpdate: model.pendingUpdate === undefined ? null : updateView(model.pendingUpdate),
    downloadable: manifest !== null && decryptionKey !== null && embedding !== null,
  }
}

/** The manifest as the registry holds it; null where the model has none. */
function manifestView(manifest: Manifest | undefined): ManifestValue | null {
  const v1 = manifest?.version.value
  if (v1 === undefined) return null
  const metadata = need(v1.metadata?.version.value, 'manifest metadata')
  return {
    url: need(v1.url, 'manifest URL'),
    checksum: need(metadata.checksum, 'manifest checksum'),
    size: need(metadata.size, 'manifest size'),
  }
}

function updateView(update: PendingModelUpdate): CommitmentsView & { commitEpoch: bigint } {
  return {
    manifest: need(manifestView(update.manifest) ?? undefined, 'manifest of the update'),
    weightsCommitment: need(update.weightsCommitment, 'weights commitment'),
    embeddingCommitment: need(update.embeddingCommitment, 'embedding commitment'),
    keyCommitment: need(update.decryptionKeyCommitment, 'key commitment'),
    commitEpoch: need(update.commitEpoch, 'commit epoch'),
  }
}

function usableKey(key: Uint8Array | undefined): Uint8Array | null {
  return key?.length === 32 && key.some((byte) => byte !== 0) ? key : null
}

function need<T>(value: T | undefined, field: string): T {
  if (value !== undefined) return value
  throw new StudioError('corrupt', `The node described a model without its ${field}.`)
}
