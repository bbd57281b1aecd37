import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Owner } from '../../chain/bcs/index.ts'
import type { ObjectSchema } from '../../chain/generated/soma/rpc/object_pb.js'
import { Owner_OwnerKind, type OwnerSchema } from '../../chain/generated/soma/rpc/owner_pb.js'
import { digestToText } from '../../chain/ids.ts'
import type { StoredObject } from '../core/object-store.ts'
import type { IdText } from './id-text.ts'

export function ownerToProto(
  owner: StoredObject['owner'] | Owner,
  id: IdText,
): MessageInitShape<typeof OwnerSchema> {
  if ('AddressOwner' in owner && owner.AddressOwner !== undefined) {
    return { kind: Owner_OwnerKind.ADDRESS, address: id(owner.AddressOwner as string) }
  }
  if ('Shared' in owner && owner.Shared !== undefined) {
    const { initialSharedVersion } = owner.Shared as { initialSharedVersion: bigint }
    return { kind: Owner_OwnerKind.SHARED, version: initialSharedVersion }
  }
  return { kind: Owner_OwnerKind.IMMUTABLE }
}

/** Every field; a mask then leaves what was asked for. */
export function objectToProto(object: StoredObject, id: IdText): MessageInitShape<typeof ObjectSchema> {
  return {
    objectId: id(object.objectId),
    version: object.version,
    digest: digestToText(object.digest),
    owner: ownerToProto(object.owner, id),
    objectType: object.objectType,
    contents: object.contents,
    previousTransaction: digestToText(object.previousTransaction),
  }
}
