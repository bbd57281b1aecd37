import { bytesToHex } from '@noble/hashes/utils.js'
import { type ObjectType, type ObjectValue, SystemState, TargetV1 } from '../../chain/bcs/index.ts'
import { deriveId } from '../../chain/digests.ts'
import { type SomaId, SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { refuse } from './execution-failure.ts'
import { coinBalance, coinContents, type StoredObject, storeObject } from './object-store.ts'

type Draft = Omit<ObjectValue, 'version' | 'previousTransaction'>

/** One object that a transaction touched: what it was and what it is now (undefined: it does not exist). */
export interface ObjectChange {
  readonly id: SomaId
  readonly before: StoredObject | undefined
  readonly after: StoredObject | undefined
}

/**
 * The objects of one transaction while it runs: inputs are copied in, changes stay here until the end, and a
 * failure throws them away. Written objects all get the same version: one above the highest input version.
 */
export class TransactionScope {
  readonly digest: Uint8Array
  readonly sender: SomaId
  /** The coin that pays; undefined for system transactions. */
  readonly gasId: SomaId | undefined
  readonly #inputs: ReadonlyMap<SomaId, StoredObject>
  #drafts = new Map<SomaId, Draft | undefined>()
  #creations = 0
  #state: SystemState | undefined

  constructor(
    digest: Uint8Array,
    sender: SomaId,
    gasId: SomaId | undefined,
    inputs: readonly StoredObject[],
  ) {
    this.digest = digest
    this.sender = sender
    this.gasId = gasId
    this.#inputs = new Map(inputs.map((object) => [object.objectId, object]))
  }

  /** The system state to read and change; it is written back at the end. */
  get state(): SystemState {
    this.#state ??= SystemState.parse(this.read(SYSTEM_STATE_ID)!.contents)
    return this.#state
  }

  /** The object as this transaction has left it so far. */
  read(id: SomaId): Draft | undefined {
    return this.#drafts.has(id) ? this.#drafts.get(id) : this.#inputs.get(id)
  }

  target(id: SomaId): TargetV1 {
    const object = this.read(id)
    if (object?.objectType !== 'Target') refuse('TargetNotFound')
    return TargetV1.parse(object.contents)
  }

  /** Next creation number; ids and seeds are derived from it in order. */
  nextCreation(): number {
    this.#creations += 1
    return this.#creations - 1
  }

  nextId(): SomaId {
    return deriveId(this.digest, this.nextCreation())
  }

  create(objectId: SomaId, objectType: ObjectType, owner: ObjectValue['owner'], contents: Uint8Array): void {
    this.#drafts.set(objectId, { objectId, objectType, owner, contents })
  }

  write(id: SomaId, contents: Uint8Array): void {
    this.#drafts.set(id, { ...this.read(id)!, contents })
  }

  transfer(id: SomaId, recipient: SomaId): void {
    this.#drafts.set(id, { ...this.read(id)!, owner: { AddressOwner: recipient } })
  }

  delete(id: SomaId): void {
    this.#drafts.set(id, undefined)
  }

  balance(id: SomaId): bigint {
    const object = this.read(id)
    return (object === undefined ? undefined : coinBalance(object)) ?? 0n
  }

  setBalance(id: SomaId, balance: bigint): void {
    this.write(id, coinContents(balance))
  }

  /** Puts the changed system state where the effects are counted and digested. */
  flushState(): void {
    if (this.#state !== undefined) this.write(SYSTEM_STATE_ID, SystemState.serialize(this.#state).toBytes())
  }

  /** A point to return to; the system state must not have been changed yet. */
  checkpoint(): () => void {
    const drafts = new Map(this.#drafts)
    return () => {
      this.#drafts = drafts
      this.#state = undefined
      this.#creations = 0
    }
  }

  /** Objects that exist after the transaction; deleted ones cost no fee. */
  writtenCount(): number {
    const ids = new Set([...this.#inputs.keys(), ...this.#drafts.keys()])
    return [...ids].filter((id) => this.read(id) !== undefined).length
  }

  lamportVersion(): bigint {
    let highest = 0n
    for (const { version } of this.#inputs.values()) if (version > highest) highest = version
    return highest + 1n
  }

  /** Transactions that last wrote the inputs, unique, in byte order. */
  dependencies(): Uint8Array[] {
    const unique = new Map<string, Uint8Array>()
    for (const { previousTransaction } of this.#inputs.values()) {
      unique.set(bytesToHex(previousTransaction), previousTransaction)
    }
    return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, digest]) => digest)
  }

  /** Every input and every created object, in the order of ids; untouched inputs get a new version too. */
  changes(): ObjectChange[] {
    const version = this.lamportVersion()
    const ids = [...new Set([...this.#inputs.keys(), ...this.#drafts.keys()])].sort()
    return ids.flatMap((id) => {
      const before = this.#inputs.get(id)
      const draft = this.read(id)
      if (before === undefined && draft === undefined) return []
      const after = draft && storeObject({ ...draft, version, previousTransaction: this.digest })
      return [{ id, before, after }]
    })
  }
}
