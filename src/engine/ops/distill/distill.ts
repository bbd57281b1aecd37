import { defineKernel } from '../../../gpu/kernel.ts'
import groupReduceWgsl from '../wgsl/group-reduce.wgsl?raw'
import embeddingPullWgsl from './embedding-pull.wgsl?raw'
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

/** Threads and constants of a call of squaredDistanceKernel. */
export const squaredDistanceCall = { threads: 64, constants: { WORKGROUP: 64 } } as const
