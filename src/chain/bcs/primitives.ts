import { BcsReader, type BcsType, bcs } from '@mysten/bcs'
import { StudioError } from '../../lib/studio-error.ts'
import { idFromBytes, idToBytes, type SomaId } from '../ids.ts'

export const U64_MAX = 2n ** 64n - 1n

/** u64 as bigint. */
export const U64 = bcs.u64().transform<bigint, bigint>({ input: (value) => value, output: BigInt })

/** Addresses and object ids: 32 raw bytes; `0x` + 64 hex at our side. */
export const Id32 = bcs.bytes(32).transform<SomaId, SomaId, 'Id32'>({
  name: 'Id32',
  input: idToBytes,
  output: idFromBytes,
})

/** Every digest, checksum, commitment and the decryption key: a length byte 0x20, then 32 bytes. */
export const Digest32 = bcs.byteVector().transform<Uint8Array, Uint8Array, 'Digest32'>({
  name: 'Digest32',
  validate: (value) => assertLength(value, 32),
  input: (value) => value,
  output: (value) => {
    assertLength(value, 32)
    return value.slice()
  },
})

/** A byte vector that is copied out of the reply it was read from. */
export const Bytes = bcs.byteVector().transform<Uint8Array, Uint8Array>({
  input: (value) => value,
  output: (value) => value.slice(),
})

export function fixedBytes(length: number): BcsType<Uint8Array, Uint8Array> {
  return bcs.bytes(length).transform<Uint8Array, Uint8Array>({
    input: (value) => value,
    output: (value) => value.slice(),
  })
}

/** An ordered set of ids; written in byte order whatever order it is given in. */
export const IdSet = bcs.vector(Id32).transform<SomaId[], readonly SomaId[], 'IdSet'>({
  name: 'IdSet',
  input: (ids) => [...new Set(ids)].sort(),
  output: (ids) => ids,
})

export const ObjectRef = bcs.struct('ObjectRef', { objectId: Id32, version: U64, digest: Digest32 })
export type ObjectRef = typeof ObjectRef.$inferType

/** Decodes a value that must fill `bytes` to the last byte; throws 'corrupt' with `label` in the message. */
export function decodeExact<T>(type: Decoder<T>, bytes: Uint8Array, label: string): T {
  // A copy, because the reader would look past the end of a view into the buffer behind it.
  const reader = new BcsReader(bytes.slice())
  let value: T
  try {
    value = type.read(reader)
  } catch (cause) {
    if (cause instanceof StudioError && cause.code === 'unsupported') throw cause
    throw new StudioError('corrupt', `The ${label} could not be decoded.`, { cause })
  }
  if (!atEnd(reader)) throw new StudioError('corrupt', `The ${label} is longer than what was understood.`)
  return value
}

/** The reading half of a BCS type. */
export interface Decoder<T> {
  read(reader: BcsReader): T
}

function atEnd(reader: BcsReader): boolean {
  try {
    reader.read8()
    return false
  } catch {
    return true
  }
}

function assertLength(value: Uint8Array, length: number): void {
  if (value.length !== length) throw new TypeError(`Expected ${length} bytes, found ${value.length}`)
}
