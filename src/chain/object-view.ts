import { StudioError } from '../lib/studio-error.ts'
import { CoinValue, StakedSomaValue } from './bcs/object.ts'
import { decodeExact, type ObjectRef } from './bcs/primitives.ts'
import type { Object$ } from './generated/soma/rpc/object_pb.js'
import { digestFromText, normaliseId, type SomaId } from './ids.ts'

/** An object as a node shows it; `contents` is its BCS value without the id. */
export interface ObjectView {
  readonly ref: ObjectRef
  readonly objectType: string
  readonly contents: Uint8Array
  /** The owning address; null for shared and immutable objects. */
  readonly owner: SomaId | null
}

export interface CoinView {
  readonly ref: ObjectRef
  /** Shannons. */
  readonly balance: bigint
}

/** A stake of an address. Slashes and rewards are in the pool: the principal is what was put in. */
export interface StakeView {
  readonly ref: ObjectRef
  readonly poolId: SomaId
  readonly activationEpoch: bigint
  /** Shannons. */
  readonly principal: bigint
}

/** Throws 'corrupt' where id, version, digest or contents are missing. */
export function objectView(object: Object$ | undefined): ObjectView {
  const { objectId, version, digest, contents } = object ?? {}
  if (objectId === undefined || version === undefined || digest === undefined || contents === undefined) {
    throw new StudioError('corrupt', 'The node sent an object without its reference or contents.')
  }
  return {
    ref: { objectId: normaliseId(objectId), version, digest: digestFromText(digest) },
    objectType: object?.objectType ?? '',
    contents,
    owner: object?.owner?.address === undefined ? null : normaliseId(object.owner.address),
  }
}

export function coinView(object: Object$): CoinView {
  return coinOf(objectView(object))
}

export function coinOf({ ref, contents }: ObjectView): CoinView {
  return { ref, balance: decodeExact(CoinValue, contents, 'coin').balance }
}

export function stakeView(object: Object$): StakeView {
  const { ref, contents } = objectView(object)
  const { poolId, stakeActivationEpoch, principal } = decodeExact(StakedSomaValue, contents, 'stake')
  return { ref, poolId, activationEpoch: stakeActivationEpoch, principal }
}
