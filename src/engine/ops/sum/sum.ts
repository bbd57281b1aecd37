import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { groupTwin, type Unit, type Variant } from '../variant.ts'
import groupReduceWgsl from '../wgsl/group-reduce.wgsl?raw'
import sumWgsl from './sum.wgsl?raw'
import sumGroupWgsl from './sum-group.wgsl?raw'

export const sumKernel = defineKernel({
  name: 'sum',
  source: sumWgsl,
  bindings: { x: 'read f32', y: 'update f32' },
  params: { size: 'u32', chunk: 'u32', offset: 'u32', scale: 'f32' },
})

const sumGroupKernel = groupTwin(sumKernel, sumGroupWgsl, [groupReduceWgsl])

const SUM_WORKGROUP = 256

/**
 * Kernel for the sums of `count` chunks of an array, the last one shorter; SQUARE goes into its constants. Where `size` is
 * cut into chunks of sumChunk(unit, size), adding the partial results as one chunk takes about as long as making them.
 */
export function sumVariant(
  unit: Unit,
  count: number,
  square: boolean,
): Variant<'x' | 'y', 'size' | 'chunk' | 'offset' | 'scale'> {
  const SQUARE = square ? 1 : 0
  if (unit === 'thread') return { kernel: sumKernel, threads: count, constants: { SQUARE } }
  const constants = { SQUARE, WORKGROUP: SUM_WORKGROUP }
  return { kernel: sumGroupKernel, threads: count * SUM_WORKGROUP, constants }
}

/** Elements of a chunk of the sum of `size` elements. */
export function sumChunk(unit: Unit, size: number): number {
  const step = unit === 'thread' ? 64 : 16 * SUM_WORKGROUP
  return Math.max(256, step * Math.ceil(Math.sqrt(size) / step))
}

/** Elements that one thread adds. */
const CHUNK = 256

/** scale * sum of all elements, in a fixed order. */
export function sum(device: TfjsDevice, x: Tensor, scale = 1): Scalar {
  if (x.size <= CHUNK) return reduce(device, x, scale)
  const partial = device.empty([Math.ceil(x.size / CHUNK)])
  addChunks(device, x, partial, 0, false)
  const total = sum(device, partial, scale)
  partial.dispose()
  return total
}

/** Sum of the squares of all elements of all tensors, in a fixed order. */
export function sumOfSquares(device: TfjsDevice, tensors: readonly Tensor[]): Scalar {
  const chunks = tensors.map((tensor) => Math.ceil(tensor.size / CHUNK))
  const partial = device.empty([chunks.reduce((total, count) => total + count, 0)])
  let offset = 0
  tensors.forEach((tensor, index) => {
    addChunks(device, tensor, partial, offset, true)
    offset += chunks[index]!
  })
  const total = sum(device, partial)
  partial.dispose()
  return total
}

function addChunks(device: TfjsDevice, x: Tensor, partial: Tensor1D, offset: number, square: boolean): void {
  device.dispatch(sumKernel, {
    tensors: { x, y: partial },
    params: { size: x.size, chunk: CHUNK, offset, scale: 1 },
    threads: Math.ceil(x.size / CHUNK),
    constants: { SQUARE: square ? 1 : 0 },
  })
}

function reduce(device: TfjsDevice, x: Tensor, scale: number): Scalar {
  const y = device.empty([])
  device.dispatch(sumKernel, {
    tensors: { x, y },
    params: { size: x.size, chunk: x.size, offset: 0, scale },
    threads: 1,
    constants: { SQUARE: 0 },
  })
  return y
}
