import { defineKernel } from '../../../gpu/kernel.ts'
import groupReduceWgsl from '../wgsl/group-reduce.wgsl?raw'
import addInPlaceWgsl from './add-in-place.wgsl?raw'
import embeddingPullWgsl from './embedding-pull.wgsl?raw'
import scaledSumWgsl from './scaled-sum.wgsl?raw'
import squaredDistanceWgsl from './squared-distance.wgsl?raw'

/**
 * Adds the gradient of weight * mean((student - teacher)^2) to dhidden [n, dim], where the embeddings student and teacher
 * [dim] are means of hidden states over all n positions: scale = 2 * weight / (n * dim). threads: n * dim / 4.
 */
export const embeddingPullKernel = defineKernel({
  name: 'embedding-pull',
  source: embeddingPullWgsl,
  bindings: { student: 'read vec4f', teacher: 'read vec4f', dhidden: 'update vec4f' },
  params: { dim: 'u32', scale: 'f32' },
})

/** y[offset] = scale * sum over `size` values of (a - b)^2; the loss with scale = weight / dim. One group of 64 threads. */
export const squaredDistanceKernel = defineKernel({
  name: 'squared-distance',
  source: squaredDistanceWgsl,
  includes: [groupReduceWgsl],
  bindings: { a: 'read vec4f', b: 'read vec4f', y: 'update f32' },
  params: { size: 'u32', offset: 'u32', scale: 'f32', accumulate: 'u32' },
  unit: 'group',
})

/** y[offset] = scale * sum of the first `size` values of x. One group of 64 threads. */
export const scaledSumKernel = defineKernel({
  name: 'scaled-sum',
  source: scaledSumWgsl,
  includes: [groupReduceWgsl],
  bindings: { x: 'read f32', y: 'update f32' },
  params: { size: 'u32', offset: 'u32', scale: 'f32', accumulate: 'u32' },
  unit: 'group',
})

/** y += x for values in multiples of four; threads: a quarter of them. */
export const addInPlaceKernel = defineKernel({
  name: 'add-in-place',
  source: addInPlaceWgsl,
  bindings: { x: 'read vec4f', y: 'update vec4f' },
  params: {},
})

/** Threads and constants of a call of squaredDistanceKernel or scaledSumKernel. */
export const oneGroupCall = { threads: 64, constants: { WORKGROUP: 64 } } as const
