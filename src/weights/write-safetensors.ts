import { throwIfAborted } from '../lib/abort.ts'
import { firstNonFinite } from '../lib/first-non-finite.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ByteSink } from './byte-sink.ts'
import { elementCount, type TensorShape } from './tensor-shape.ts'

/** Where each tensor will stand in a file of f32 values. */
export interface SafetensorsPlan {
  /** Length prefix and JSON header. */
  readonly header: Uint8Array
  /** In the order of the file: sorted by name. Offsets count from the end of the header. */
  readonly entries: readonly PlannedTensor[]
  readonly totalBytes: number
}

export interface PlannedTensor extends TensorShape {
  readonly begin: number
  readonly end: number
}

/**
 * The layout that `Model.save` of the network's Python package writes: keys sorted by name, f32 little-endian
 * row-major, no `__metadata__`, header padded with spaces to a multiple of 8. Source: golden README.
 */
export function planSafetensors(table: readonly TensorShape[]): SafetensorsPlan {
  const sorted = [...table].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const entries: PlannedTensor[] = []
  let begin = 0
  for (const { name, shape } of sorted) {
    if (entries.at(-1)?.name === name) {
      throw new StudioError('internal', `The tensor table names ${name} twice.`)
    }
    const end = begin + 4 * elementCount(shape)
    entries.push({ name, shape: [...shape], begin, end })
    begin = end
  }
  const fields = entries.map(
    (entry) =>
      `${JSON.stringify(entry.name)}:{"dtype":"F32","shape":[${entry.shape.join(',')}],"data_offsets":[${entry.begin},${entry.end}]}`,
  )
  const json = new TextEncoder().encode(`{${fields.join(',')}}`)
  const header = new Uint8Array(8 + 8 * Math.ceil(json.length / 8)).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true)
  header.set(json, 8)
  return { header, entries, totalBytes: header.length + begin }
}

export interface WriteOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Writes the planned file tensor by tensor; at most one tensor is in memory. `readTensor` gives f32 values in
 * row-major order. 'corrupt' where a tensor holds NaN or an infinity: such weights are never written.
 */
export async function writeSafetensors(
  plan: SafetensorsPlan,
  readTensor: (name: string) => Promise<Float32Array>,
  sink: ByteSink,
  options: WriteOptions = {},
): Promise<void> {
  await sink.write(plan.header)
  for (const entry of plan.entries) {
    throwIfAborted(options.signal)
    await sink.write(tensorBytes(entry, await readTensor(entry.name)))
    options.onProgress?.(plan.header.length + entry.end, plan.totalBytes)
  }
}

/** The bytes of a tensor as the file holds them, checked against the plan. */
export function tensorBytes(entry: PlannedTensor, values: Float32Array): Uint8Array {
  if (values.byteLength !== entry.end - entry.begin) {
    throw new StudioError(
      'internal',
      `${entry.name} has ${values.length} values, not the ${elementCount(entry.shape)} of its shape.`,
    )
  }
  const bad = firstNonFinite(values)
  if (bad >= 0) {
    throw new StudioError('corrupt', `${entry.name} holds ${values[bad]} at position ${bad}.`, {
      hint: 'Nothing was written. Go back to an earlier checkpoint and lower the learning rate.',
    })
  }
  // Typed arrays have the machine's byte order, which is little-endian wherever WebGPU runs.
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
