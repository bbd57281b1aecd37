import { createStore } from 'zustand/vanilla'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { ConfigName } from '../model/model-config.ts'
import type { HostChoice } from './blob-host.ts'
import type { Place } from './draft-place.ts'
import type { Progress } from './run-store.ts'
import type { SigningReceipt, SigningReview } from './signing-store.ts'

/**
 * One model on its way to the network. Saved before every signature, so that a closed tab loses nothing:
 * without `key` and the exact `embedding` an initial reveal is impossible and half of the stake is lost.
 */
export interface ModelDraft {
  readonly id: string
  readonly purpose: DraftPurpose
  readonly place: Place
  /** In words; a network may be renamed or removed later. */
  readonly placeName: string
  /** A network can begin anew, a localnet often does. Null for worlds: their drafts go when they do. */
  readonly chainId: string | null
  readonly name: string
  readonly config: ConfigName
  readonly runId: string
  readonly step: number
  readonly validationLoss: number | null
  readonly savedAt: number
  /** Exact f32 values; JSON keeps them because every f32 is a double. */
  readonly embedding: readonly number[]
  readonly embeddingNote: string
  /** Cosine between the means of the two halves of the embedding sample; null for a sample of one window. */
  readonly stability: number | null
  /** AES-256 key, hex. Public after the reveal, secret before. */
  readonly key: string
  /**
   * Vault path of the encrypted file; a world's own host takes it over, any other host only gets a copy. Empty where only
   * the embedding changes.
   */
  readonly packagePath: string
  /** Empty until the file is hosted. */
  readonly weightsUrl: string
  readonly weightsSize: number
  /** BLAKE2b-256 of the encrypted file, hex. */
  readonly weightsChecksum: string
  /** Shannons, decimal. */
  readonly stake: string
  readonly modelId: string | null
  readonly createDigest: string | null
  readonly createEpoch: number | null
  readonly commitDigest: string | null
  readonly commitEpoch: number | null
  readonly revealDigest: string | null
  readonly revealEpoch: number | null
}

/**
 * What the commit of a draft is for: a model that its first transaction creates, other weights with another embedding for
 * an active model, or another embedding alone, with the file and the key that are registered.
 */
export type DraftPurpose = 'model' | 'update' | 'embedding'

/**
 * Where a draft stands, from its own fields and the epoch; the network's word wins where it has one. 'replaced': the model
 * competes with what a later reveal brought.
 */
export type DraftState = 'packaged' | 'created' | 'pending' | 'active' | 'replaced' | 'inactive'

/** The steps of the wizard, in order. */
export const wizardStages = ['embed', 'package', 'backup', 'host', 'review', 'receipt'] as const
export type WizardStage = (typeof wizardStages)[number]

/** What is being signed on the review stage. */
export type SigningAct = 'create' | 'commit' | 'reveal'

export interface Review extends SigningReview {
  readonly act: SigningAct
}

export interface Receipt extends SigningReceipt {
  readonly act: SigningAct
}

/** Where the encrypted file goes on a network that has no host of its own. */
export interface HostQuestion {
  readonly suggested: string
  /** The last choice, and why it did not do. */
  readonly tried: HostChoice | null
  readonly fault: SerialisedError | null
  /** The file is on its way or read back. */
  readonly working: boolean
}

export interface Wizard {
  readonly stage: WizardStage
  readonly draftId: string | null
  /** Asked on the host stage. */
  readonly hosting: HostQuestion | null
  readonly review: Review | null
  readonly receipt: Receipt | null
  readonly signing: boolean
  readonly progress: Progress | null
  readonly error: SerialisedError | null
}

export interface PublishState {
  readonly drafts: readonly ModelDraft[]
  readonly wizard: Wizard | null
}

export const createPublishStore = () => createStore<PublishState>(() => ({ drafts: [], wizard: null }))
