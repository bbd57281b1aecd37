/** What the page and the practice network's worker say to each other. */

import type { WorldModel } from '../practice/world.ts'

export type { WorldModel }
export type WorldName = 'small' | 'practice'

export type PracticeCall =
  /** Opens a world where it was left, or fresh from its file at `baseUrl`. Closes the one before. */
  | { readonly kind: 'open'; readonly world: WorldName; readonly baseUrl: string }
  /** One unary gRPC call, as protobuf bytes. */
  | { readonly kind: 'rpc'; readonly service: string; readonly method: string; readonly request: Uint8Array }
  | { readonly kind: 'faucet'; readonly address: string }
  | { readonly kind: 'advanceEpoch' }
  /** Back to the world as it shipped. */
  | { readonly kind: 'reset' }
  /** Hosts a file; refused unless its BLAKE2b-256 is `digest` (hex). Returns its URL. */
  | { readonly kind: 'putBlob'; readonly digest: string; readonly data: Blob }
  /** The file at a practice URL. */
  | { readonly kind: 'getBlob'; readonly url: string }

export type RpcReply =
  | { readonly ok: true; readonly response: Uint8Array }
  | { readonly ok: false; readonly code: number; readonly message: string }

export interface PracticeReplies {
  open: { readonly models: readonly WorldModel[] }
  rpc: RpcReply
  faucet: { readonly amount: bigint }
  advanceEpoch: { readonly epoch: bigint }
  reset: null
  putBlob: { readonly url: string }
  getBlob: Blob
}
