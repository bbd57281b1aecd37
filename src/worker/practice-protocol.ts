/** What the page and the practice network's worker say to each other. */

import type { WorldModel } from '../practice/world.ts'

export type { WorldModel }
export type WorldName = 'small' | 'practice'

export type PracticeCall =
  /** Opens a world where it was left, or fresh from its file at `baseUrl`. Closes the one before. */
  | { readonly kind: 'open'; readonly world: WorldName; readonly baseUrl: string }
  /** One unary gRPC call, as protobuf bytes. */
  | { readonly kind: 'rpc'; readonly service: string; readonly method: string; readonly request: Uint8Array }
  | { readonly kind: 'faucet'; readonly world: WorldName; readonly address: string }
  | { readonly kind: 'advanceEpoch'; readonly world: WorldName }
  /** Opens a world as it shipped: what was done there is forgotten, and what was published. */
  | { readonly kind: 'reset'; readonly world: WorldName; readonly baseUrl: string }
  /** Hosts a file; refused unless its BLAKE2b-256 is `digest` (hex). Returns its URL. */
  | { readonly kind: 'putBlob'; readonly world: WorldName; readonly digest: string; readonly data: Blob }
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
  reset: { readonly models: readonly WorldModel[] }
  putBlob: { readonly url: string }
  getBlob: Blob
}
