import type { Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import type { Dropout } from '../../model-ops.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import keepWgsl from '../wgsl/keep.wgsl?raw'
import philoxWgsl from '../wgsl/philox.wgsl?raw'
import dropoutWgsl from './dropout.wgsl?raw'
import { dropoutParams, dropoutValues } from './dropout-params.ts'

export const dropoutKernel = defineKernel({
  name: 'dropout',
  source: dropoutWgsl,
  includes: [philoxWgsl, keepWgsl],
  bindings: { base: 'read vec4f', x: 'read vec4f', y: 'write vec4f' },
  params: dropoutParams,
})

/** base + x * mask, or x * mask without base; x [rows * sequence, width]. The mask is its own gradient. */
export function dropout(
  device: TfjsDevice,
  x: Tensor2D,
  rows: number,
  drop: Dropout,
  base?: Tensor2D,
): Tensor2D {
  requireMultipleOfFour({ width: x.shape[1] })
  const y = device.empty(x.shape)
  device.dispatch(dropoutKernel, {
    tensors: { ...(base ? { base } : {}), x, y },
    params: dropoutValues(drop, x.size / 4 / rows),
    threads: x.size / 4,
  })
  return y
}
