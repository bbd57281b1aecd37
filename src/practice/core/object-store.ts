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

/** Order of the node's owner index: by type, coins by falling balance, then by id. */
const TYPE_ORDER: Record<ObjectType, number> = { SystemState: 0, Coin: 1, StakedSoma: 2, Target: 3 }

/** The latest version of every object. */
export class ObjectStore {
  readonly #objects = new Map<SomaId, StoredObject>()

  get(id: SomaId): StoredObject | undefined {
    return this.#objects.get(id)
  }

  put(object: StoredObject): void {
    this.#objects.set(object.objectId, object)
  }

  delete(id: SomaId): void {
    this.#objects.delete(id)
  }

  values(): IterableIterator<StoredObject> {
    return this.#objects.values()
  }

  /** Objects of an address in the order in which a node lists them. */
  ownedBy(owner: SomaId, type?: ObjectType): StoredObject[] {
    const owned = [...this.#objects.values()].filter(
      (object) => ownerAddress(object) === owner && (type === undefined || object.objectType === type),
    )
    return owned.sort(
      (a, b) =>
        TYPE_ORDER[a.objectType] - TYPE_ORDER[b.objectType] ||
        compare(coinBalance(b) ?? 0n, coinBalance(a) ?? 0n) ||
        compare(a.objectId, b.objectId),
    )
  }

  ofType(type: ObjectType): StoredObject[] {
    const found = [...this.#objects.values()].filter((object) => object.objectType === type)
    return found.sort((a, b) => compare(a.objectId, b.objectId))
  }
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
