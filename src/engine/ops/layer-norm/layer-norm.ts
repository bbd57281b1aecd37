import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { LAYER_NORM_EPSILON } from '../../model-ops.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import { columnVariant, groupTwin, rowVariant, type Unit } from '../variant.ts'
import columnSumWgsl from '../wgsl/column-sum.wgsl?raw'
import groupReduceWgsl from '../wgsl/group-reduce.wgsl?raw'
import layerNormWgsl from './layer-norm.wgsl?raw'
import layerNormDxWgsl from './layer-norm-dx.wgsl?raw'
import layerNormDxGroupWgsl from './layer-norm-dx-group.wgsl?raw'
import layerNormGroupWgsl from './layer-norm-group.wgsl?raw'
import layerNormPartialWgsl from './layer-norm-partial.wgsl?raw'
import layerNormPartialGroupWgsl from './layer-norm-partial-group.wgsl?raw'
import layerNormSumWgsl from './layer-norm-sum.wgsl?raw'

export const layerNormKernel = defineKernel({
  name: 'layer-norm',
  source: layerNormWgsl,
  bindings: {
    x: 'read vec4f',
    gamma: 'read vec4f',
    beta: 'read vec4f',
    y: 'write vec4f',
    stats: 'write vec2f',
  },
  params: { dim: 'u32', epsilon: 'f32' },
})

export const layerNormDxKernel = defineKernel({
  name: 'layer-norm-dx',
  source: layerNormDxWgsl,
  bindings: {
    x: 'read vec4f',
    gamma: 'read vec4f',
    stats: 'read vec2f',
    dy: 'read vec4f',
    base: 'read vec4f',
    dx: 'write vec4f',
  },
  params: { dim: 'u32' },
})

export const layerNormPartialKernel = defineKernel({
  name: 'layer-norm-partial',
  source: layerNormPartialWgsl,
  bindings: { x: 'read vec4f', stats: 'read vec2f', dy: 'read vec4f', partial: 'write vec4f' },
  params: { rows: 'u32', dim: 'u32', chunk: 'u32' },
})

export const layerNormSumKernel = defineKernel({
  name: 'layer-norm-sum',
  source: layerNormSumWgsl,
  bindings: { partial: 'read vec4f', dgamma: 'update vec4f', dbeta: 'update vec4f' },
  params: { dim: 'u32', chunks: 'u32', accumulate: 'u32' },
})

/** Rows that one thread adds for dgamma and dbeta. */
export const LAYER_NORM_CHUNK = 32

const forwardTwins = {
  thread: layerNormKernel,
  group: groupTwin(layerNormKernel, layerNormGroupWgsl, [groupReduceWgsl]),
}

const dxTwins = {
  thread: layerNormDxKernel,
  group: groupTwin(layerNormDxKernel, layerNormDxGroupWgsl, [groupReduceWgsl]),
}

const partialTwins = {
  thread: layerNormPartialKernel,
  group: groupTwin(layerNormPartialKernel, layerNormPartialGroupWgsl, [columnSumWgsl]),
}

/** Most chunks of rows whose partial sums one thread adds when workgroups make them, and their shortest length. */
const GROUP_CHUNKS = 16
const SHORTEST_GROUP_CHUNK = 64

/** Kernels of a layer norm over [rows, dim]; `chunk` rows make one of `chunks` partial sums of dgamma and dbeta. */
export function layerNormVariants(unit: Unit, rows: number, dim: number) {
  const chunk =
    unit === 'thread' ? LAYER_NORM_CHUNK : Math.max(SHORTEST_GROUP_CHUNK, Math.ceil(rows / GROUP_CHUNKS))
  const chunks = Math.ceil(rows / chunk)
  return {
    forward: rowVariant(unit, forwardTwins, rows, dim),
    dx: rowVariant(unit, dxTwins, rows, dim),
    partial: columnVariant(unit, partialTwins, chunks, dim),
    chunk,
    chunks,
  }
}

/** y[n, d] = (x - mean) / sqrt(population variance + 1e-5) * gamma + beta; stats[n, 2] = (mean, 1 / sqrt(...)). */
export function layerNorm(
  device: TfjsDevice,
  x: Tensor2D,
  gamma: Tensor1D,
  beta: Tensor1D,
): { y: Tensor2D; stats: Tensor2D } {
  const [rows, dim] = x.shape
  requireMultipleOfFour({ dim })
  const y = device.empty([rows, dim])
  const stats = device.empty([rows, 2])
  device.dispatch(layerNormKernel, {
    tensors: { x, gamma, beta, y, stats },
    params: { dim, epsilon: LAYER_NORM_EPSILON },
    threads: rows,
  })
  return { y, stats }
}

/** Gradients of layerNorm for dy[n, d]; rows are added in a fixed order. */
export function layerNormGrad(
  device: TfjsDevice,
  x: Tensor2D,
  gamma: Tensor1D,
  stats: Tensor2D,
  dy: Tensor2D,
): { dx: Tensor2D; dgamma: Tensor1D; dbeta: Tensor1D } {
  const [rows, dim] = x.shape
  const dx = device.empty([rows, dim])
  device.dispatch(layerNormDxKernel, { tensors: { x, gamma, stats, dy, dx }, params: { dim }, threads: rows })
  const chunks = Math.ceil(rows / LAYER_NORM_CHUNK)
  const partial = device.empty([chunks, 2, dim])
  device.dispatch(layerNormPartialKernel, {
    tensors: { x, stats, dy, partial },
    params: { rows, dim, chunk: LAYER_NORM_CHUNK },
    threads: (chunks * dim) / 4,
  })
  const dgamma = device.empty([dim])
  const dbeta = device.empty([dim])
  device.dispatch(layerNormSumKernel, {
    tensors: { partial, dgamma, dbeta },
    params: { dim, chunks, accumulate: 0 },
    threads: dim / 2,
  })
  partial.dispose()
  return { dx, dgamma, dbeta }
}
