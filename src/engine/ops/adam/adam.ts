import type { Tensor } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { type AdamOptions, adamConstants, type ParameterState } from '../../model-ops.ts'
import adamWgsl from './adam.wgsl?raw'
import { adamParams } from './adam-params.ts'

const kernel = defineKernel({
  name: 'adam',
  source: adamWgsl,
  bindings: { gradient: 'read f32', value: 'update f32', m: 'update f32', v: 'update f32' },
  params: {
    size: 'u32',
    ...adamParams,
  },
})

const ELEMENTS = 8

/**
 * One step of Adam for one parameter, in place: value -= rate * m / (sqrt(v) * rootScale + eps), with the bias
 * corrections rate = learningRate / (1 - beta1^step) and rootScale = 1 / sqrt(1 - beta2^step) computed in f64.
 */
export function adam(
  device: TfjsDevice,
  state: ParameterState,
  gradient: Tensor,
  options: AdamOptions,
): void {
  const { beta1, beta2, epsilon } = adamConstants
  const { size } = state.value
  device.dispatch(kernel, {
    tensors: { gradient, value: state.value, m: state.m, v: state.v },
    params: {
      size,
      beta1,
      one_minus_beta1: 1 - beta1,
      beta2,
      one_minus_beta2: 1 - beta2,
      epsilon,
      rate: options.learningRate / (1 - beta1 ** options.step),
      root_scale: 1 / Math.sqrt(1 - beta2 ** options.step),
    },
    threads: Math.ceil(size / ELEMENTS),
  })
}
