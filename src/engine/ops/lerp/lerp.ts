import { defineKernel } from '../../../gpu/kernel.ts'
import lerpWgsl from './lerp.wgsl?raw'

/**
 * y = fround(fround(weight_a * a) + fround(weight_b * b)), bit-exact for normal numbers. The network's merge of a share beta
 * of A with B is weight_a = beta, weight_b = 1 - beta, each rounded to f32. Four values a thread; `zero` must be 0.
 */
export const lerpKernel = defineKernel({
  name: 'lerp',
  source: lerpWgsl,
  bindings: { a: 'read vec4f', b: 'read vec4f', y: 'write vec4f' },
  params: { weight_a: 'f32', weight_b: 'f32', zero: 'u32' },
})

/** The same with the result in the place of a: y = weight_a * y + weight_b * b. */
export const lerpInPlaceKernel = defineKernel({
  name: 'lerp-in-place',
  source: lerpWgsl.replace('a[thread]', 'y[thread]'),
  bindings: { b: 'read vec4f', y: 'update vec4f' },
  params: { weight_a: 'f32', weight_b: 'f32', zero: 'u32' },
})
