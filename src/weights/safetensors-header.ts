import type { ByteSource } from '../data/byte-source.ts'
import { StudioError } from '../lib/studio-error.ts'
import { findDuplicateKey } from './find-duplicate-key.ts'
import { elementCount } from './tensor-shape.ts'

/** One tensor as a file describes it. Offsets are absolute bytes of the file. */
export interface StoredTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly from: number
  readonly to: number
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  readonly hasMetadata: boolean
}

const MAX_HEADER_BYTES = 100_000_000

const dtypeBytes: Readonly<Record<string, number>> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
}

/**
 * Reads and checks the header of a safetensors file: length, JSON, unique keys, shapes, and offsets that cover
 * the data exactly, without holes or overlaps, as the format asks. 'corrupt' with the reason otherwise.
 */
export async function readSafetensorsHeader(
  source: ByteSource,
  signal?: AbortSignal,
): Promise<SafetensorsHeader> {
  if (source.size < 8)
    throw corrupt(source, `it has only ${source.size} bytes, so it is cut short or no weights file`)
  const prefix = await source.slice(0, 8, signal)
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true))
  if (length > MAX_HEADER_BYTES)
    throw corrupt(source, 'its header claims more than 100 MB, so it is no weights file')
  if (8 + length > source.size) throw corrupt(source, 'it ends inside its header, so it is cut short')
  const header = parseHeader(source, await source.slice(8, 8 + length, signal))

  const tensors = new Map<string, StoredTensor>()
  let hasMetadata = false
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') hasMetadata = true
    else tensors.set(name, storedTensor(source, name, value, 8 + length))
  }
  checkCoverage(source, [...tensors.values()], 8 + length)
  return { tensors, hasMetadata }
}

function parseHeader(source: ByteSource, bytes: Uint8Array): object {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text)
  } catch (cause) {
    throw corrupt(source, 'its header is not JSON', cause)
  }
  if (!isObject(value)) throw corrupt(source, 'its header is not a JSON object')
  const duplicate = findDuplicateKey(text)
  if (duplicate !== undefined) throw corrupt(source, `its header has the key ${quoted(duplicate)} twice`)
  return value
}

function storedTensor(source: ByteSource, name: string, value: unknown, dataStart: number): StoredTensor {
  if (!isObject(value)) throw corrupt(source, `the entry of ${quoted(name)} is not an object`)
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>
  if (typeof dtype !== 'string') throw corrupt(source, `${quoted(name)} has no dtype`)
  if (!isExtents(shape)) throw corrupt(source, `${quoted(name)} has no valid shape`)
  if (!isExtents(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw corrupt(source, `${quoted(name)} has no valid data_offsets`)
  }
  const [begin, end] = offsets as [number, number]
  if (end > source.size - dataStart) {
    throw corrupt(source, `${quoted(name)} ends after the file does: it is cut short or out of range`)
  }
  const size = Object.hasOwn(dtypeBytes, dtype) ? dtypeBytes[dtype]! * elementCount(shape) : end - begin
  if (size !== end - begin) {
    throw corrupt(source, `${quoted(name)} spans ${end - begin} bytes, and its shape and dtype need ${size}`)
  }
  return { name, dtype, shape, from: dataStart + begin, to: dataStart + end }
}

function checkCoverage(source: ByteSource, tensors: StoredTensor[], dataStart: number): void {
  let covered = dataStart
  for (const tensor of tensors.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (tensor.from < covered) throw corrupt(source, `${quoted(tensor.name)} overlaps another tensor`)
    if (tensor.from > covered) throw corrupt(source, `there is a hole before ${quoted(tensor.name)}`)
    covered = tensor.to
  }
  if (covered < source.size) {
    throw corrupt(source, `there are ${source.size - covered} bytes after the last tensor`)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isExtents(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
}

/** A name from a file, fit for a sentence. */
export function quoted(name: string): string {
  return `"${name.length > 80 ? `${name.slice(0, 80)}…` : name}"`
}

/** The one sentence for a weights file that is refused. */
export function corrupt(source: ByteSource, reason: string, cause?: unknown): StudioError {
  return new StudioError('corrupt', `${source.name} cannot be used: ${reason}.`, {
    hint: 'Choose another safetensors file; nothing was loaded from this one.',
    cause,
  })
}
