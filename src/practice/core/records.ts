import type { TransactionData, TransactionEffects } from '../../chain/bcs/index.ts'
import type { BalanceChange } from './balance-changes.ts'
import type { StoredObject } from './object-store.ts'
import type { ObjectChange } from './transaction-scope.ts'

/** A transaction that was executed; `checkpoint` holds it alone. */
export interface TransactionRecord {
  readonly digest: Uint8Array
  readonly data: TransactionData
  readonly signatures: readonly Uint8Array[]
  readonly effects: TransactionEffects
  /** Type of each changed object, in their order. */
  readonly objectTypes: readonly StoredObject['objectType'][]
  readonly balanceChanges: readonly BalanceChange[]
  readonly checkpoint: bigint
  readonly timestampMs: bigint
}

/** A record with the objects before and after, which only the reply to its own request can carry. */
export interface Execution {
  readonly record: TransactionRecord
  readonly changes: readonly ObjectChange[]
}

/** A checkpoint; its number is also the number of transactions before it. */
export interface CheckpointRecord {
  readonly sequence: bigint
  readonly digest: Uint8Array
  /** Empty for the first one. */
  readonly previousDigest: Uint8Array
  readonly contentDigest: Uint8Array
  readonly epoch: bigint
  /** Paid in its epoch up to here, shannons. */
  readonly fees: { readonly baseFee: bigint; readonly operationFee: bigint; readonly valueFee: bigint }
  readonly timestampMs: bigint
  /** Digest of its transaction. */
  readonly transaction: Uint8Array
}

/** An epoch that has begun; `state` is the system state as it was at its start. */
export interface EpochRecord {
  readonly epoch: bigint
  readonly state: Uint8Array
  readonly startMs: bigint
  readonly firstCheckpoint: bigint
}

/** Everything that makes a network, without behaviour. */
export interface NetworkContents {
  readonly seed: string
  readonly genesisDigest: Uint8Array
  readonly objects: readonly StoredObject[]
  readonly transactions: readonly TransactionRecord[]
  /** In order; the first ones may have been pruned, the last one is always there. */
  readonly checkpoints: readonly CheckpointRecord[]
  readonly epochs: readonly EpochRecord[]
  /** Shannons paid in fees in the current epoch. */
  readonly epochFees: bigint
  readonly timestampMs: bigint
}
