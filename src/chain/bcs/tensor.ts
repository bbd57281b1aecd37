import { bcs } from '@mysten/bcs'
import { StudioError } from '../../lib/studio-error.ts'
import { U64 } from './primitives.ts'

/** A float32 tensor as the chain stores it; the product of `shape` is the number of values. */
export interface TensorValue {
  readonly values: Float32Array
  readonly shape: readonly number[]
}

const Wire = bcs.struct('SomaTensor', { dtype: bcs.u8(), bytes: bcs.byteVector(), shape: bcs.vector(U64) })

/** { dtype u8 = 0 (f32), little-endian bytes, shape }. Bits are kept as they are, NaN payloads included. */
export const SomaTensor = Wire.transform<TensorValue, TensorValue>({
  input: ({ values, shape }) => {
    if (product(shape) !== values.length) {
      throw new TypeError(`A tensor of shape [${shape.join(', ')}] cannot hold ${values.length} values`)
    }
    return {
      dtype: 0,
      bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      shape: shape.map(BigInt),
    }
  },
  output: ({ dtype, bytes, shape: wireShape }) => {
    if (dtype !== 0) throw new TypeError(`Unknown tensor type ${dtype}`)
    const shape = wireShape.map(Number)
    if (bytes.length !== 4 * product(shape)) {
      throw new TypeError(`A tensor of shape [${shape.join(', ')}] has ${bytes.length} bytes`)
    }
    return { values: new Float32Array(bytes.slice().buffer), shape }
  },
})

/** A vector of f32 as a tensor of shape [length]. */
export function vectorTensor(values: Float32Array | readonly number[]): TensorValue {
  const data = values instanceof Float32Array ? values : Float32Array.from(values)
  return { values: data, shape: [data.length] }
}

/** One f32 as a tensor of shape [1]. */
export function scalarTensor(value: number): TensorValue {
  return vectorTensor([value])
}

/** The value of a tensor of shape [1]; throws 'corrupt' for another. */
export function scalarOf(tensor: TensorValue): number {
  const value = tensor.values[0]
  if (value === undefined || tensor.values.length !== 1)
    throw new StudioError('corrupt', 'A score is not a single number.')
  return value
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1)
}
