/**
 * What the page and the worker that reads networks say to each other. A reply of a full node has up to 82 MB (10,000 models
 * at dimension 2,048) and a list of targets any length: both are fetched and decoded there, and come back in parts that
 * each take the page a few milliseconds.
 */
import type { TargetQuery } from '../chain/chain-client.ts'
import type { ModelView } from '../chain/model-view.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetView } from '../chain/target-view.ts'

/** A read of the network at `rpc`; `read` is its number, under which parts come and by which it is cancelled. */
interface Read {
  readonly read: number
  readonly rpc: string
}

export type LargeRead =
  | ({ readonly kind: 'systemState'; readonly epoch: bigint | null } & Read)
  | ({ readonly kind: 'targets'; readonly query: TargetQuery } & Read)

export type ReaderCall = LargeRead | { readonly kind: 'cancel'; readonly read: number }

export interface ReaderReplies {
  /** The models have come as parts. */
  systemState: Omit<SystemStateView, 'models'>
  /** All have come as parts. */
  targets: null
  cancel: null
}

/** Parts of a read, in order and before its reply. */
export type ReaderEvent =
  /** All embeddings of the registry, one after the other in the order of the models. */
  | { readonly kind: 'embeddings'; readonly read: number; readonly values: Float32Array<ArrayBuffer> }
  | { readonly kind: 'models'; readonly read: number; readonly models: readonly PackedModel[] }
  | { readonly kind: 'targets'; readonly read: number; readonly targets: readonly TargetView[] }

/** A model whose embedding is in the list of all. */
export interface PackedModel {
  readonly model: Omit<ModelView, 'embedding'>
  /** Numbers of its embedding; null where it has none. */
  readonly dim: number | null
}
