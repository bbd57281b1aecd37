import {
  CoinValue,
  type ObjectRef,
  type ObjectType,
  type ObjectValue,
  StakedSomaValue,
} from '../../chain/bcs/index.ts'
import { objectDigest } from '../../chain/digests.ts'
import type { SomaId } from '../../chain/ids.ts'

/** An object as stored: its value and its digest. */
export interface StoredObject extends ObjectValue {
  readonly digest: Uint8Array
}

export function storeObject(value: ObjectValue): StoredObject {
  const { objectId, objectType, version, contents, owner, previousTransaction } = value
  const plain = { objectId, objectType, version, contents, owner, previousTransaction }
  return { ...plain, digest: objectDigest(plain) }
}

export function refOf(object: StoredObject): ObjectRef {
  return { objectId: object.objectId, version: object.version, digest: object.digest }
}

/** The owning address; undefined for shared objects. */
export function ownerAddress(object: Pick<ObjectValue, 'owner'>): SomaId | undefined {
  return 'AddressOwner' in object.owner ? object.owner.AddressOwner : undefined
}

/** Shannons in a coin; undefined for other objects. */
export function coinBalance(object: Pick<ObjectValue, 'objectType' | 'contents'>): bigint | undefined {
  return object.objectType === 'Coin' ? CoinValue.parse(object.contents).balance : undefined
}

export function coinContents(balance: bigint): Uint8Array {
  return CoinValue.serialize({ balance }).toBytes()
}

export function stakedSomaContents(
  poolId: SomaId,
  stakeActivationEpoch: bigint,
  principal: bigint,
): Uint8Array {
  return StakedSomaValue.serialize({ poolId, stakeActivationEpoch, principal }).toBytes()
}

/** What executing a transaction needs of a store. */
export interface ObjectReader {
  get(id: SomaId): StoredObject | undefined
}

/** Order of the node's owner index: by type, coins by falling balance, then by id. */
const TYPE_ORDER: Record<ObjectType, number> = { SystemState: 0, Coin: 1, StakedSoma: 2, Target: 3 }
const MOST_SHANNONS = 2n ** 64n - 1n

/** Text that sorts an address' objects in the order in which a node lists them. */
export function ownerIndexKey(object: StoredObject): string {
  const rank = MOST_SHANNONS - (coinBalance(object) ?? 0n)
  return `${TYPE_ORDER[object.objectType]}${`${rank}`.padStart(20, '0')}${object.objectId}`
}

/** The latest version of every object, found by id, by owner and by type. */
export class ObjectStore implements ObjectReader {
  readonly #objects = new Map<SomaId, StoredObject>()
  readonly #owned = new Map<SomaId, Set<SomaId>>()
  /** Ids of each type in their order; rebuilt when an object of the type comes or goes. */
  readonly #ordered = new Map<ObjectType, SomaId[]>()
  readonly #revisions = new Map<ObjectType, number>()

  get(id: SomaId): StoredObject | undefined {
    return this.#objects.get(id)
  }

  put(object: StoredObject): void {
    const known = this.#objects.get(object.objectId)
    if (known === undefined) this.#ordered.delete(object.objectType)
    else this.#forgetOwner(known)
    this.#touch(object.objectType)
    this.#objects.set(object.objectId, object)
    const owner = ownerAddress(object)
    if (owner === undefined) return
    const ids = this.#owned.get(owner) ?? new Set()
    this.#owned.set(owner, ids.add(object.objectId))
  }

  delete(id: SomaId): void {
    const known = this.#objects.get(id)
    if (known === undefined) return
    this.#ordered.delete(known.objectType)
    this.#touch(known.objectType)
    this.#forgetOwner(known)
    this.#objects.delete(id)
  }

  values(): IterableIterator<StoredObject> {
    return this.#objects.values()
  }

  /** Objects of an address in the order in which a node lists them. */
  ownedBy(owner: SomaId, type?: ObjectType): StoredObject[] {
    return [...(this.#owned.get(owner) ?? [])]
      .map((id) => this.#objects.get(id)!)
      .filter((object) => type === undefined || object.objectType === type)
      .map((object) => ({ object, key: ownerIndexKey(object) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ object }) => object)
  }

  /** Objects of a type in the order of their ids. */
  ofType(type: ObjectType): StoredObject[] {
    let ids = this.#ordered.get(type)
    if (ids === undefined) {
      ids = [...this.#objects.values()].filter(({ objectType }) => objectType === type).map(idOf)
      this.#ordered.set(type, ids.sort())
    }
    return ids.map((id) => this.#objects.get(id)!)
  }

  /** Grows with every object of the type that is written or deleted. */
  revisionOf(type: ObjectType): number {
    return this.#revisions.get(type) ?? 0
  }

  #touch(type: ObjectType): void {
    this.#revisions.set(type, this.revisionOf(type) + 1)
  }

  #forgetOwner(object: StoredObject): void {
    const owner = ownerAddress(object)
    const ids = owner === undefined ? undefined : this.#owned.get(owner)
    ids?.delete(object.objectId)
    if (ids?.size === 0) this.#owned.delete(owner!)
  }
}

function idOf({ objectId }: StoredObject): SomaId {
  return objectId
}
