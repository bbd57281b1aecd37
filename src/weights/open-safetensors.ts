import type { ByteSource } from '../data/byte-source.ts'
import { firstNonFinite } from '../lib/first-non-finite.ts'
import { decodeFloats, type FloatDtype, isFloatDtype } from './decode-floats.ts'
import { corrupt, quoted, readSafetensorsHeader, type StoredTensor } from './safetensors-header.ts'
import type { TensorShape } from './tensor-shape.ts'

/** A weights file that holds every expected tensor; values are read one tensor at a time. */
export interface SafetensorsFile {
  /** The expected tensors in the order of the table. */
  readonly tensors: readonly StoredTensor[]
  /** What the file holds besides: names of extra tensors, and `__metadata__`. */
  readonly dropped: readonly string[]
  /** f32 values, row-major; 'corrupt' where one is NaN or an infinity. */
  readTensor(name: string, signal?: AbortSignal): Promise<Float32Array>
}

/**
 * Opens a safetensors file against a table of names and shapes. F32, F16, BF16 and F64 become f32; the order of
 * keys is free. 'corrupt' names the tensor that is missing, wrongly shaped or of another dtype.
 */
export async function openSafetensors(
  source: ByteSource,
  expected: readonly TensorShape[],
  signal?: AbortSignal,
): Promise<SafetensorsFile> {
  const header = await readSafetensorsHeader(source, signal)
  const wanted = new Map<string, StoredTensor & { readonly dtype: FloatDtype }>()
  for (const { name, shape } of expected) {
    const stored = header.tensors.get(name)
    if (!stored) throw corrupt(source, `the tensor ${quoted(name)} is missing`)
    if (stored.shape.length !== shape.length || stored.shape.some((extent, i) => extent !== shape[i])) {
      throw corrupt(
        source,
        `${quoted(name)} has shape [${stored.shape.join(', ')}], not [${shape.join(', ')}]`,
      )
    }
    const { dtype } = stored
    if (!isFloatDtype(dtype))
      throw corrupt(source, `${quoted(name)} is of dtype ${quoted(dtype)}, not a float`)
    wanted.set(name, { ...stored, dtype })
  }
  const extras = [...header.tensors.keys()].filter((name) => !wanted.has(name))
  return {
    tensors: [...wanted.values()],
    dropped: header.hasMetadata ? ['__metadata__', ...extras] : extras,
    async readTensor(name, readSignal) {
      const stored = wanted.get(name)
      if (!stored) throw corrupt(source, `the tensor ${quoted(name)} is missing`)
      const values = decodeFloats(stored.dtype, await source.slice(stored.from, stored.to, readSignal))
      const bad = firstNonFinite(values)
      if (bad >= 0) throw corrupt(source, `${quoted(name)} holds ${values[bad]} at position ${bad}`)
      return values
    },
  }
}
