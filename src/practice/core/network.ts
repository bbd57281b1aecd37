import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { type ObjectRef, SystemState, TransactionData } from '../../chain/bcs/index.ts'
import { signingHash, transactionDigest } from '../../chain/digests.ts'
import { digestToText, type SomaId, SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { joinSignature } from '../../chain/signature.ts'
import { balanceChanges } from './balance-changes.ts'
import { changeEpoch } from './change-epoch.ts'
import { nextCheckpoint } from './checkpoint-log.ts'
import { executeTransaction, type Outcome } from './execute-transaction.ts'
import { createGenesis, faucetAddress, type GenesisOptions, networkSecret } from './genesis.ts'
import { mockGas } from './mock-gas.ts'
import { NodeError } from './node-error.ts'
import { coinBalance, ObjectStore, refOf, type StoredObject } from './object-store.ts'
import type {
  CheckpointRecord,
  EpochRecord,
  Execution,
  NetworkContents,
  TransactionRecord,
} from './records.ts'
import { inputsOf } from './transaction-inputs.ts'
import { verifyTransaction } from './verify-transaction.ts'

/** Shannons of one faucet call. */
export const FAUCET_AMOUNT = 2_000_000_000n

/** Told of each new checkpoint; undefined once the network is no more. */
export type CheckpointFollower = (checkpoint: CheckpointRecord | undefined) => void

/** Coins that a simulation takes for gas at most. */
const SIMULATED_GAS_COINS = 100

/** The gas that a node takes where a simulation names none: the poorest coin first, the others merged into it. */
function simulatedGas(coins: readonly StoredObject[]): ObjectRef[] {
  const poorest = coins.slice(0, SIMULATED_GAS_COINS).sort((a, b) => {
    const difference = coinBalance(a)! - coinBalance(b)!
    if (difference !== 0n) return difference < 0n ? -1 : 1
    return a.objectId < b.objectId ? -1 : 1
  })
  return poorest.map(refOf)
}

/**
 * A SOMA network of one machine: objects, transactions, epochs. Transport-agnostic and synchronous; time comes
 * from `now`, in milliseconds; `onChange` is told after each transaction and epoch. Nothing here computes a loss: submissions carry their own scores.
 */
export class PracticeNetwork {
  readonly seed: string
  readonly genesisDigest: Uint8Array
  readonly #now: () => number
  readonly #onChange: (() => void) | undefined
  readonly #objects = new ObjectStore()
  readonly #transactions = new Map<string, TransactionRecord>()
  readonly #checkpoints: CheckpointRecord[]
  readonly #epochs: EpochRecord[]
  readonly #followers = new Set<CheckpointFollower>()
  #epochFees: bigint
  #epochDurationMs: bigint | undefined
  #timestampMs: bigint

  constructor(contents: NetworkContents, now: () => number, onChange?: () => void) {
    this.seed = contents.seed
    this.genesisDigest = contents.genesisDigest
    this.#now = now
    this.#onChange = onChange
    for (const object of contents.objects) this.#objects.put(object)
    for (const record of contents.transactions) this.#transactions.set(bytesToHex(record.digest), record)
    this.#epochs = [...contents.epochs]
    this.#checkpoints = [...contents.checkpoints]
    this.#epochFees = contents.epochFees
    this.#timestampMs = contents.timestampMs
  }

  /** A network with no models, at epoch 0. */
  static genesis(options: Omit<GenesisOptions, 'timestampMs'>, now: () => number): PracticeNetwork {
    const timestampMs = BigInt(Math.floor(now()))
    const { objects, record, checkpoint } = createGenesis({ ...options, timestampMs })
    const state = objects.find(({ objectId }) => objectId === SYSTEM_STATE_ID)!.contents
    return new PracticeNetwork(
      {
        seed: options.seed,
        genesisDigest: checkpoint.digest,
        objects,
        transactions: [record],
        checkpoints: [checkpoint],
        epochs: [{ epoch: 0n, state, startMs: timestampMs, firstCheckpoint: 0n }],
        epochFees: 0n,
        timestampMs,
      },
      now,
    )
  }

  /** Base58 of the genesis digest. */
  get chainId(): string {
    return digestToText(this.genesisDigest)
  }

  /** Number of the latest checkpoint. */
  get checkpoint(): bigint {
    return this.#checkpoints.at(-1)!.sequence
  }

  /** Checkpoints that are kept, in order. */
  get checkpoints(): readonly CheckpointRecord[] {
    return this.#checkpoints
  }

  /** Calls `follower` after each new checkpoint until the returned function is called. */
  follow(follower: CheckpointFollower): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** Tells the followers that this network is replaced by another. */
  close(): void {
    for (const follower of this.#followers) follower(undefined)
    this.#followers.clear()
  }

  /** Time of the last checkpoint, milliseconds. */
  get timestampMs(): bigint {
    return this.#timestampMs
  }

  get objects(): ObjectStore {
    return this.#objects
  }

  get epochs(): readonly EpochRecord[] {
    return this.#epochs
  }

  /** The live system state, decoded afresh: changing it changes nothing. */
  state(): SystemState {
    return SystemState.parse(this.#objects.get(SYSTEM_STATE_ID)!.contents)
  }

  epoch(): bigint {
    return this.#epochs.at(-1)!.epoch
  }

  transaction(digest: Uint8Array): TransactionRecord | undefined {
    return this.#transactions.get(bytesToHex(digest))
  }

  balance(owner: SomaId): bigint {
    return this.#objects.ownedBy(owner, 'Coin').reduce((sum, coin) => sum + coinBalance(coin)!, 0n)
  }

  /**
   * Verifies and executes. A failed execution is a result, not an error. One that was executed before answers
   * the same again. Throws NodeError where a node refuses the request.
   */
  execute(data: TransactionData, signatures: readonly Uint8Array[]): Execution {
    const bytes = verifyTransaction(data, signatures)
    const digest = transactionDigest(bytes)
    const known = this.transaction(digest)
    if (known !== undefined) return { record: known, changes: [] }
    if (data.gasPayment.length === 0) throw new NodeError('invalidArgument', 'Gas payment is empty')
    const outcome = executeTransaction(this.#objects, data, digest)
    const execution = this.#apply(data, digest, signatures, outcome)
    this.#onChange?.()
    return execution
  }

  /**
   * Executes without keeping anything. Without gas coins it takes up to 100 of the sender's, and where there is
   * none a coin that does not exist: a success does not prove that the account can pay.
   */
  simulate(data: TransactionData): Execution {
    let mock: StoredObject | undefined
    let gasPayment: ObjectRef[] = data.gasPayment
    if (gasPayment.length === 0) {
      const used = new Set(inputsOf(data.kind).owned.map(({ objectId }) => objectId))
      const coins = this.#objects.ownedBy(data.sender, 'Coin').filter(({ objectId }) => !used.has(objectId))
      if (coins.length === 0) mock = mockGas(data.sender)
      gasPayment = mock ? [refOf(mock)] : simulatedGas(coins)
    }
    const complete = { ...data, gasPayment }
    const digest = transactionDigest(TransactionData.serialize(complete).toBytes())
    const outcome = executeTransaction(this.#objects, complete, digest, mock)
    return { record: this.#record(complete, digest, [], outcome), changes: outcome.changes }
  }

  /** Sends 2 SOMA from the faucet's account, as a transfer like any other. */
  faucet(recipient: SomaId): {
    readonly coinId: SomaId
    readonly amount: bigint
    readonly digest: Uint8Array
  } {
    const sender = faucetAddress(this.seed)
    const coin = this.#objects.ownedBy(sender, 'Coin')[0]
    if (coin === undefined) throw new NodeError('failedPrecondition', 'The faucet is empty')
    const data = TransactionData.parse(
      TransactionData.serialize({
        kind: { TransferCoin: { coin: refOf(coin), amount: FAUCET_AMOUNT, recipient } },
        sender,
        gasPayment: [refOf(coin)],
      }).toBytes(),
    )
    const secret = networkSecret(this.seed, 'faucet')
    const hash = signingHash(TransactionData.serialize(data).toBytes())
    const signature = joinSignature(ed25519.sign(hash, secret), ed25519.getPublicKey(secret))
    const { record, changes } = this.execute(data, [signature])
    const created = changes.find(({ before }) => before === undefined)
    if (created === undefined) throw new NodeError('failedPrecondition', 'The faucet is empty')
    return { coinId: created.id, amount: FAUCET_AMOUNT, digest: record.digest }
  }

  /** How long epochs are meant to last from the next one on, milliseconds; whoever owns the clock ends them. */
  setEpochDuration(milliseconds: number): void {
    this.#epochDurationMs = BigInt(Math.floor(milliseconds))
  }

  /** Ends the epoch now, whatever time has passed; returns the new epoch's number. */
  advanceEpoch(): bigint {
    const change = changeEpoch(this.#objects, this.#epochFees, this.#tick(), this.#epochDurationMs)
    this.#apply(change.data, change.digest, [], change)
    this.#epochFees = 0n
    const state = this.#objects.get(SYSTEM_STATE_ID)!.contents
    const { epoch, epochStartTimestampMs: startMs } = SystemState.parse(state)
    this.#epochs.push({ epoch, state, startMs, firstCheckpoint: this.checkpoint + 1n })
    this.#onChange?.()
    return epoch
  }

  /**
   * Forgets transactions and checkpoints before the last `keep` epochs, as a pruned node does, and system states
   * before the last `8 * keep`. The latest checkpoint stays in any case.
   */
  prune(keep: number): void {
    const first = this.#epochs.at(-keep)?.firstCheckpoint
    if (first === undefined) return
    const kept = this.#checkpoints.findIndex(({ sequence }) => sequence >= first)
    const dropped = this.#checkpoints.splice(0, kept < 0 ? this.#checkpoints.length - 1 : kept)
    for (const { transaction } of dropped) this.#transactions.delete(bytesToHex(transaction))
    this.#epochs.splice(0, Math.max(0, this.#epochs.length - 8 * keep))
  }

  /** Everything needed to go on later; see `encodeSnapshot` for the form that is stored. */
  contents(): NetworkContents {
    return {
      seed: this.seed,
      genesisDigest: this.genesisDigest,
      objects: [...this.#objects.values()],
      transactions: [...this.#transactions.values()],
      checkpoints: this.#checkpoints,
      epochs: this.#epochs,
      epochFees: this.#epochFees,
      timestampMs: this.#timestampMs,
    }
  }

  #apply(
    data: TransactionData,
    digest: Uint8Array,
    signatures: readonly Uint8Array[],
    outcome: Outcome,
  ): Execution {
    for (const { id, after } of outcome.changes) {
      if (after === undefined) this.#objects.delete(id)
      else this.#objects.put(after)
    }
    this.#epochFees += outcome.effects.transactionFee.totalFee
    this.#timestampMs = this.#tick()
    const record = this.#record(data, digest, signatures, outcome)
    this.#transactions.set(bytesToHex(digest), record)
    const previous = this.#checkpoints.at(-1)!
    const checkpoint = nextCheckpoint(previous, record, previous.epoch !== outcome.effects.executedEpoch)
    this.#checkpoints.push(checkpoint)
    for (const follower of this.#followers) follower(checkpoint)
    return { record, changes: outcome.changes }
  }

  #record(
    data: TransactionData,
    digest: Uint8Array,
    signatures: readonly Uint8Array[],
    { effects, changes }: Outcome,
  ): TransactionRecord {
    return {
      digest,
      data,
      signatures,
      effects,
      objectTypes: changes.map(({ before, after }) => (after ?? before)!.objectType),
      balanceChanges: balanceChanges(changes),
      checkpoint: this.checkpoint + 1n,
      timestampMs: this.#timestampMs,
    }
  }

  /** The clock, which never goes back even if the machine's does. */
  #tick(): bigint {
    const now = BigInt(Math.floor(this.#now()))
    return now > this.#timestampMs ? now : this.#timestampMs
  }
}
