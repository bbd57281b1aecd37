import type { Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import type { Dropout } from '../../model-ops.ts'
import { dropoutParams, dropoutValues } from '../dropout/dropout-params.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import erfWgsl from '../wgsl/erf.wgsl?raw'
import keepWgsl from '../wgsl/keep.wgsl?raw'
import philoxWgsl from '../wgsl/philox.wgsl?raw'
import geluWgsl from './gelu.wgsl?raw'
import geluDxWgsl from './gelu-dx.wgsl?raw'

const includes = [erfWgsl, philoxWgsl, keepWgsl]

const forwardKernel = defineKernel({
  name: 'gelu',
  source: geluWgsl,
  includes,
  bindings: { x: 'read vec4f', y: 'write vec4f' },
  params: dropoutParams,
})

const dxKernel = defineKernel({
  name: 'gelu-dx',
  source: geluDxWgsl,
  includes,
  bindings: { x: 'read vec4f', dy: 'read vec4f', dx: 'write vec4f' },
  params: dropoutParams,
})

/** x * (1 + erf(x / sqrt 2)) / 2, then dropout; x [rows * sequence, ffn]. */
export function gelu(device: TfjsDevice, x: Tensor2D, rows: number, dropout?: Dropout): Tensor2D {
  requireMultipleOfFour({ ffn: x.shape[1] })
  const y = device.empty(x.shape)
  device.dispatch(forwardKernel, {
    tensors: { x, y },
    params: dropoutValues(dropout, x.size / 4 / rows),
    threads: x.size / 4,
    constants: { DROPOUT: dropout ? 1 : 0 },
  })
  return y
}

/** Its gradient for dy, with the mask computed again. */
export function geluDx(
  device: TfjsDevice,
  x: Tensor2D,
  dy: Tensor2D,
  rows: number,
  dropout?: Dropout,
): Tensor2D {
  const dx = device.empty(x.shape)
  device.dispatch(dxKernel, {
    tensors: { x, dy, dx },
    params: dropoutValues(dropout, x.size / 4 / rows),
    threads: x.size / 4,
    constants: { DROPOUT: dropout ? 1 : 0 },
  })
  return dx
}
