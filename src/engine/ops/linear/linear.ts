import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import linearWgsl from './linear.wgsl?raw'
import linearDwWgsl from './linear-dw.wgsl?raw'
import linearDxWgsl from './linear-dx.wgsl?raw'
import linearSumWgsl from './linear-sum.wgsl?raw'

const shape = { m: 'u32', k: 'u32', n: 'u32' } as const

export const linearKernel = defineKernel({
  name: 'linear',
  source: linearWgsl,
  bindings: { x: 'read vec4f', w: 'read vec4f', bias: 'read vec4f', y: 'write vec4f' },
  params: shape,
})

export const linearDxKernel = defineKernel({
  name: 'linear-dx',
  source: linearDxWgsl,
  bindings: { dy: 'read vec4f', w: 'read vec4f', dx: 'write vec4f' },
  params: shape,
})

const linearDwKernel = defineKernel({
  name: 'linear-dw',
  source: linearDwWgsl,
  bindings: { x: 'read vec4f', dy: 'read vec4f', partial: 'write vec4f' },
  params: { ...shape, chunk: 'u32' },
})

const linearSumKernel = defineKernel({
  name: 'linear-sum',
  source: linearSumWgsl,
  bindings: { partial: 'read vec4f', dw: 'write vec4f', db: 'write vec4f' },
  params: { k: 'u32', n: 'u32', chunks: 'u32' },
})

/** Rows and vec4 columns of a thread's register tile. */
export interface LinearTile {
  readonly ROWS: number
  readonly COLS: number
}

const defaultTile: LinearTile = { ROWS: 4, COLS: 2 }
const dwTile = { LINES: 2, COLS: 2 }
/** Threads that the weight gradient should at least have; more rows than this are cut into chunks. */
const DW_THREADS = 1024
const SHORTEST_CHUNK = 32

/** y[m, n] = x[m, k] . w[k, n] + bias[n]; k and n are multiples of 4. */
export function linear(
  device: TfjsDevice,
  x: Tensor2D,
  w: Tensor2D,
  bias?: Tensor1D,
  tile: LinearTile = defaultTile,
): Tensor2D {
  const [m, k] = x.shape
  const n = w.shape[1]
  requireMultipleOfFour({ k, n })
  const y = device.empty([m, n])
  device.dispatch(linearKernel, {
    tensors: { x, w, ...(bias ? { bias } : {}), y },
    params: { m, k, n },
    threads: Math.ceil(m / tile.ROWS) * Math.ceil(n / 4 / tile.COLS),
    constants: { ...tile },
  })
  return y
}

/** dx[m, k] = dy[m, n] . w[k, n]^T. */
export function linearDx(
  device: TfjsDevice,
  dy: Tensor2D,
  w: Tensor2D,
  tile: LinearTile = defaultTile,
): Tensor2D {
  const [m, n] = dy.shape
  const k = w.shape[0]
  requireMultipleOfFour({ k, n })
  const dx = device.empty([m, k])
  device.dispatch(linearDxKernel, {
    tensors: { dy, w, dx },
    params: { m, k, n },
    threads: Math.ceil(m / tile.ROWS) * Math.ceil(k / 4 / tile.COLS),
    constants: { ...tile },
  })
  return dx
}

/** dw[k, n] = x[m, k]^T . dy[m, n] and db[n] = column sums of dy; rows are added in a fixed order. */
export function linearDw(device: TfjsDevice, x: Tensor2D, dy: Tensor2D): { dw: Tensor2D; db: Tensor1D } {
  const [m, k] = x.shape
  const n = dy.shape[1]
  requireMultipleOfFour({ k, n })
  const tiles = Math.ceil(k / 4 / dwTile.LINES) * Math.ceil(n / 4 / dwTile.COLS)
  const chunk = Math.max(SHORTEST_CHUNK, Math.ceil(m / Math.ceil(DW_THREADS / tiles)))
  const chunks = Math.ceil(m / chunk)
  const partial = device.empty([chunks, k + 1, n])
  device.dispatch(linearDwKernel, {
    tensors: { x, dy, partial },
    params: { m, k, n, chunk },
    threads: chunks * tiles,
    constants: dwTile,
  })
  const dw = device.empty([k, n])
  const db = device.empty([n])
  device.dispatch(linearSumKernel, {
    tensors: { partial, dw, db },
    params: { k, n, chunks },
    threads: ((k + 1) * n) / 4,
  })
  partial.dispose()
  return { dw, db }
}
