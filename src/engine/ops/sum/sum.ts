import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import sumWgsl from './sum.wgsl?raw'

export const sumKernel = defineKernel({
  name: 'sum',
  source: sumWgsl,
  bindings: { x: 'read f32', y: 'update f32' },
  params: { size: 'u32', chunk: 'u32', offset: 'u32', scale: 'f32' },
})

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
