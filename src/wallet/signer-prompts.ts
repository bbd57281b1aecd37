import type { SomaId } from '../chain/ids.ts'

/** What a signer asks of the person in front of it. Never holds a secret. */
export type SignerPrompt =
  | { readonly kind: 'passphrase'; readonly address: SomaId; readonly name: string }
  | {
      readonly kind: 'offline'
      readonly address: SomaId
      /** Base64 of the BCS TransactionData bytes. */
      readonly data: string
      /** What to run on the machine that has the key. */
      readonly command: string
    }
  | { readonly kind: 'wallet'; readonly name: string }

/** How signers reach the person; implemented by the page, one prompt at a time. Both reject with 'cancelled'. */
export interface SignerPrompts {
  /**
   * Shows the prompt and hands every answer to `accept`; an answer that it throws at is shown as wrong and asked for
   * again. Resolves with what `accept` made of the first good one.
   */
  ask<T>(prompt: SignerPrompt, accept: (answer: string) => Promise<T>): Promise<T>
  /** Shows the prompt while `job` is under way elsewhere. */
  wait<T>(prompt: SignerPrompt, job: Promise<T>): Promise<T>
}
