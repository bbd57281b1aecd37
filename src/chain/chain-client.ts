import type { SystemState } from './bcs/system-state.ts'
import type { CheckpointView } from './checkpoint-view.ts'
import type { EffectsView } from './effects-view.ts'
import type { SomaId } from './ids.ts'
import type { CoinView, ObjectView, StakeView } from './object-view.ts'
import type { SystemStateView } from './system-state-view.ts'
import type { TargetObjectView, TargetStatusName, TargetView } from './target-view.ts'

export interface ServiceInfo {
  /** Base58 digest of the genesis checkpoint. */
  readonly chainId: string
  /** 'testnet', 'localnet', ... */
  readonly chain: string
  readonly epoch: bigint
  readonly checkpointHeight: bigint
  readonly server: string
  /** Milliseconds since 1970. */
  readonly timestampMs: number
}

export interface TargetQuery {
  readonly status?: TargetStatusName
  readonly epoch?: bigint
  readonly submitter?: SomaId
  /** Off by default: an embedding of dimension 2048 takes 8 KB in every target. */
  readonly withEmbeddings?: boolean
  /** Stops after this many; all of them by default. */
  readonly limit?: number
}

/** A transaction that the network has executed. */
export interface TransactionView extends EffectsView {
  /** Null until it is in a checkpoint. */
  readonly checkpoint: bigint | null
  /** Milliseconds since 1970; null until it is in a checkpoint. */
  readonly timestampMs: number | null
}

/** Names one state of an object: each transaction that writes the object gives it another. */
export interface ObjectMark {
  readonly version: bigint
  /** Base58 digest of the transaction that wrote it. */
  readonly writtenBy: string
}

export interface SystemStateQuery {
  /** A past epoch; the current one by default. */
  readonly epoch?: bigint
  /**
   * What was read before will do while the epoch is the same and no transaction of this client has changed it: epoch,
   * parameters and own models are right, other models may have changed. A registry can have a hundred megabytes.
   */
  readonly within?: 'epoch'
  readonly signal?: AbortSignal
}

/**
 * All that the studio asks of a network. Every method rejects with a StudioError: 'network' where nothing answered,
 * 'refused' where the node said no, 'not-found', 'cancelled', 'corrupt' where a reply makes no sense.
 */
export interface ChainClient {
  serviceInfo(signal?: AbortSignal): Promise<ServiceInfo>
  /** The system state of this moment from its BCS object: the validators, too, and every pool to the last field. */
  systemStateObject(signal?: AbortSignal): Promise<SystemState>
  systemState(query?: SystemStateQuery): Promise<SystemStateView>
  /** All coins of an address, richest first. Lags behind effects by up to a second. */
  coins(owner: SomaId, signal?: AbortSignal): Promise<CoinView[]>
  /** Stakes of an address. */
  stakes(owner: SomaId, signal?: AbortSignal): Promise<StakeView[]>
  /** Shannons in all coins. */
  balance(owner: SomaId, signal?: AbortSignal): Promise<bigint>
  object(id: SomaId, signal?: AbortSignal): Promise<ObjectView>
  /** Which state an object is in, without its contents. */
  objectMark(id: SomaId, signal?: AbortSignal): Promise<ObjectMark>
  targets(query?: TargetQuery, signal?: AbortSignal): Promise<TargetView[]>
  /** One target with manifest, loss and distance. */
  target(id: SomaId, signal?: AbortSignal): Promise<TargetObjectView>
  /**
   * What BCS TransactionData bytes would do. Does not prove that the account can pay: a node lends a made-up coin
   * to an account without one.
   */
  simulate(transactionData: Uint8Array, signal?: AbortSignal): Promise<EffectsView>
  /** Sends BCS TransactionData bytes with a 97-byte signature; resolves when they are final, failed ones too. */
  execute(transactionData: Uint8Array, signature: Uint8Array, signal?: AbortSignal): Promise<EffectsView>
  /** By Base58 digest. */
  transaction(digest: string, signal?: AbortSignal): Promise<TransactionView>
  /** The latest checkpoint, or that of a sequence number. */
  checkpoint(sequenceNumber?: bigint, signal?: AbortSignal): Promise<CheckpointView>
  /** Checkpoints as the node makes them, from the latest on; ends with an error where the stream breaks. */
  subscribe(signal: AbortSignal): AsyncIterable<CheckpointView>
}
