import { createStore } from 'zustand/vanilla'
import type { TransactionPreview } from '../chain/preview.ts'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { SignerPrompt } from '../wallet/signer-prompts.ts'

/** One hash or value of the preview, derived again on this device. */
export interface PreviewCheck {
  readonly label: string
  readonly value: string
  readonly detail: string
  readonly matches: boolean
}

/** What is shown before a signature. */
export interface SigningReview {
  /** Decoded from the very bytes that will be signed. */
  readonly preview: TransactionPreview
  readonly bytes: Uint8Array
  readonly checks: readonly PreviewCheck[]
  /** False blocks signing. */
  readonly simulated: { readonly ok: boolean; readonly text: string }
}

export interface SigningReceipt {
  /** Base58. */
  readonly digest: string
  readonly epoch: number
  /** Shannons. */
  readonly fee: bigint
}

export type SigningStage = 'preparing' | 'review' | 'signing' | 'receipt' | 'failed'

/** Where a request stands among several that are made one after the other. */
export interface SigningSeries {
  /** From 1. */
  readonly at: number
  readonly of: number
  /** Those after this one, decoded and simulated, where one answer is for all of them; empty where each is asked for. */
  readonly others: readonly TransactionPreview[]
  /** The answer was given with the first of them. */
  readonly answered: boolean
  /** The person wants no more after this one. */
  readonly stopping: boolean
}

/** A transaction on its way from a click to its effects. */
export interface SigningRequest {
  readonly stage: SigningStage
  readonly account: string
  readonly network: string
  readonly series?: SigningSeries
  readonly review: SigningReview | null
  readonly receipt: SigningReceipt | null
  readonly error: SerialisedError | null
}

/** A question of a signer: a passphrase, a pasted signature, or patience. Answers never come here. */
export interface PromptView {
  readonly prompt: SignerPrompt
  readonly checking: boolean
  /** Why the last answer was not taken. */
  readonly fault: SerialisedError | null
}

/** At most one of each at a time. */
export interface SigningState {
  readonly request: SigningRequest | null
  readonly prompt: PromptView | null
}

export const createSigningStore = () => createStore<SigningState>(() => ({ request: null, prompt: null }))
