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

/** Kinds of an enum are counted with the same numbers as lengths. */
const MAX_KINDS = 255

/**
 * Lengths as the format defines them: at most 32 bits in at most five bytes, and never more items than bytes are left.
 * The library's reader follows a run of continuation bytes to its end in quadratic time and makes room for any number
 * of items before it reads the first: a hostile reply could hang the page or fill its memory.
 */
class BoundedReader extends BcsReader {
  readonly #length: number
  #position = 0

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.#length = bytes.length
  }

  /** Every read goes through here. */
  override shift(bytes: number): this {
    this.#position += bytes
    return super.shift(bytes)
  }

  override readULEB(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.read8()
      value += (byte & 0x7f) * 2 ** shift
      if ((byte & 0x80) !== 0) continue
      if (byte === 0 && shift > 0) break
      if (value <= MAX_KINDS || value <= this.#length - this.#position) return value
      break
    }
    throw new TypeError('A length is not in its shortest form or more than what follows')
  }
}

/** Decodes a value that must fill `bytes` to the last byte; throws 'corrupt' with `label` in the message. */
export function decodeExact<T>(type: Decoder<T>, bytes: Uint8Array, label: string): T {
  // A copy, because the reader would look past the end of a view into the buffer behind it.
  const reader = new BoundedReader(bytes.slice())
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
