import { defineKernel } from '../../../gpu/kernel.ts'
import packHalfWgsl from './pack-half.wgsl?raw'
import unpackHalfWgsl from './unpack-half.wgsl?raw'

// Copies between f32 and f16 for memory only; every device has them (no shader-f16). Four values a thread.

/** x [n] f32 -> y [n / 2] words of two f16, to the nearest within one unit of 2^-11; beyond 65,504 that number. */
export const packHalfKernel = defineKernel({
  name: 'pack-half',
  source: packHalfWgsl,
  bindings: { x: 'read vec4f', y: 'write vec2u' },
  params: {},
})

/** x [n / 2] words of two f16 -> y [n] f32, exact. */
export const unpackHalfKernel = defineKernel({
  name: 'unpack-half',
  source: unpackHalfWgsl,
  bindings: { x: 'read vec2u', y: 'write vec4f' },
  params: {},
})
