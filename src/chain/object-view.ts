import { StudioError } from '../lib/studio-error.ts'
import { CoinValue } from './bcs/object.ts'
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
  const { ref, contents } = objectView(object)
  return { ref, balance: decodeExact(CoinValue, contents, 'coin').balance }
}
