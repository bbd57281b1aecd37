import { createStore } from 'zustand/vanilla'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { ConfigName } from '../model/model-config.ts'
import type { WorldName } from './network-store.ts'
import type { Progress } from './run-store.ts'
import type { SigningReceipt, SigningReview } from './signing-store.ts'

/**
 * One model on its way to the network. Saved before every signature, so that a closed tab loses nothing:
 * without `key` and the exact `embedding` an initial reveal is impossible and half of the stake is lost.
 */
export interface ModelDraft {
  readonly id: string
  readonly world: WorldName
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
  /** Vault path of the encrypted file until it is hosted. */
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

/** Where a draft stands, from its own fields and the epoch; the network's word wins where it has one. */
export type DraftState = 'packaged' | 'created' | 'pending' | 'active' | 'inactive'

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

export interface Wizard {
  readonly stage: WizardStage
  readonly draftId: string | null
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
