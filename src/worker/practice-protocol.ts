/** What the page and the practice network's worker say to each other. */

import type { SubmissionScore } from '../practice/core/score-submission.ts'
import type { Speed } from '../practice/epoch-clock.ts'
import type { WorldModel } from '../practice/world.ts'

export type { Speed, WorldModel }
export type WorldName = 'small' | 'practice'

/** A gRPC call as protobuf bytes. */
export interface RpcRequest {
  readonly service: string
  readonly method: string
  readonly request: Uint8Array
}

export type PracticeCall =
  /** Opens a world where it was left, or fresh from its file at `baseUrl`. Closes the one before. */
  | { readonly kind: 'open'; readonly world: WorldName; readonly baseUrl: string }
  | ({ readonly kind: 'rpc' } & RpcRequest)
  /** A streaming call: its messages come as events under `id`, the reply when it has ended. */
  | ({ readonly kind: 'stream'; readonly id: number } & RpcRequest)
  | { readonly kind: 'endStream'; readonly id: number }
  | { readonly kind: 'faucet'; readonly world: WorldName; readonly address: string }
  /** Ends the epoch; then the world's own accounts act, which an event reports. */
  | { readonly kind: 'advanceEpoch'; readonly world: WorldName }
  | { readonly kind: 'setSpeed'; readonly world: WorldName; readonly speed: Speed }
  /** Whether the world's own accounts act in each epoch. */
  | { readonly kind: 'setPlayers'; readonly world: WorldName; readonly players: boolean }
  /** Opens a world as it shipped: what was done there is forgotten, and what was published. */
  | { readonly kind: 'reset'; readonly world: WorldName; readonly baseUrl: string }
  /** The whole world as a file. */
  | { readonly kind: 'exportWorld'; readonly world: WorldName }
  /** Goes on from an exported file; refused where it is of another world. */
  | { readonly kind: 'importWorld'; readonly world: WorldName; readonly data: Blob }
  /** Hosts a file; refused unless its BLAKE2b-256 is `digest` (hex). Returns its URL. */
  | { readonly kind: 'putBlob'; readonly world: WorldName; readonly digest: string; readonly data: Blob }
  /** What the network's scoring service would say of data for a target: the lowest loss of the target's models. */
  | {
      readonly kind: 'score'
      readonly world: WorldName
      readonly targetId: string
      readonly data: Blob
    }
  /** Gives whoever is at the other end of the port the files at practice URLs. */
  | { readonly kind: 'serveFiles'; readonly port: MessagePort }

export interface RpcRefusal {
  readonly ok: false
  readonly code: number
  readonly message: string
}
export type RpcReply = { readonly ok: true; readonly response: Uint8Array } | RpcRefusal
export type StreamReply = { readonly ok: true } | RpcRefusal

/** How epochs pass in a world. */
export interface ClockState {
  readonly speed: Speed
  readonly players: boolean
  /** When the current epoch ends, milliseconds since 1970; null where the user ends it. */
  readonly endsAt: number | null
}

export interface OpenedWorld {
  readonly models: readonly WorldModel[]
  readonly clock: ClockState
}

export interface PracticeReplies {
  open: OpenedWorld
  rpc: RpcReply
  stream: StreamReply
  endStream: null
  faucet: { readonly amount: bigint }
  advanceEpoch: { readonly epoch: bigint; readonly clock: ClockState }
  setSpeed: ClockState
  setPlayers: ClockState
  reset: OpenedWorld
  exportWorld: Blob
  importWorld: OpenedWorld
  putBlob: { readonly url: string }
  score: SubmissionScore
  serveFiles: null
}

/** What the world's own accounts did in an epoch. */
export interface PlayedEpoch {
  readonly epoch: bigint
  readonly submissions: number
  /** Of them, won by each model. */
  readonly wins: readonly { readonly modelId: string; readonly count: number }[]
  readonly claims: number
  /** Why nobody could score, or which models could not be; empty where all could. */
  readonly trouble: string
}

export type PracticeEvent =
  | { readonly kind: 'message'; readonly id: number; readonly response: Uint8Array }
  /** The clock has ended an epoch. */
  | { readonly kind: 'epoch'; readonly world: WorldName; readonly clock: ClockState }
  | { readonly kind: 'played'; readonly world: WorldName; readonly played: PlayedEpoch }
