import { bcs } from '@mysten/bcs'
import { idFromBytes, idToBytes, type SomaId } from '../ids.ts'
import { Bytes, Digest32, Id32, U64 } from './primitives.ts'

export const ObjectType = bcs.enum('ObjectType', {
  SystemState: null,
  Coin: null,
  StakedSoma: null,
  Target: null,
})
export type ObjectType = (typeof ObjectType.$inferType)['$kind']

export const Owner = bcs.enum('Owner', {
  AddressOwner: Id32,
  Shared: bcs.struct('Shared', { initialSharedVersion: U64 }),
  Immutable: null,
})
export type Owner = typeof Owner.$inferType

const Wire = bcs.struct('Object', {
  data: bcs.struct('ObjectData', { objectType: ObjectType, version: U64, contents: Bytes }),
  owner: Owner,
  previousTransaction: Digest32,
})

/** An object; `contents` is the BCS value without the id, as RPC replies carry it. */
export interface ObjectValue {
  readonly objectId: SomaId
  readonly objectType: ObjectType
  readonly version: bigint
  readonly contents: Uint8Array
  readonly owner: typeof Owner.$inferInput
  readonly previousTransaction: Uint8Array
}

/** The stored form, which puts the 32 bytes of the id before the contents. */
export const ObjectBcs = Wire.transform<ObjectValue & { readonly owner: Owner }, ObjectValue>({
  input: ({ objectId, objectType, version, contents, owner, previousTransaction }) => {
    const withId = new Uint8Array(32 + contents.length)
    withId.set(idToBytes(objectId))
    withId.set(contents, 32)
    return {
      data: { objectType: objectTypeInput(objectType), version, contents: withId },
      owner,
      previousTransaction,
    }
  },
  output: ({ data, owner, previousTransaction }) => ({
    objectId: idFromBytes(data.contents.slice(0, 32)),
    objectType: data.objectType.$kind,
    version: data.version,
    contents: data.contents.slice(32),
    owner,
    previousTransaction,
  }),
})

/** Value of a coin: its balance in shannons. */
export const CoinValue = bcs.struct('Coin', { balance: U64 })

export const StakedSomaValue = bcs.struct('StakedSoma', {
  poolId: Id32,
  stakeActivationEpoch: U64,
  principal: U64,
})

function objectTypeInput(type: ObjectType): typeof ObjectType.$inferInput {
  return { [type]: true } as unknown as typeof ObjectType.$inferInput
}
