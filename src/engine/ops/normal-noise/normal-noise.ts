import type { Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { SIGREG_SLICES } from '../../../model/model-config.ts'
import type { PhiloxStream } from '../../philox.ts'
import logWgsl from '../wgsl/log.wgsl?raw'
import philoxWgsl from '../wgsl/philox.wgsl?raw'
import normalNoiseWgsl from './normal-noise.wgsl?raw'

export const normalNoiseKernel = defineKernel({
  name: 'normal-noise',
  source: normalNoiseWgsl,
  includes: [philoxWgsl, logWgsl],
  bindings: { y: 'write vec4f' },
  params: { seed: 'u32', step: 'u32', micro_batch: 'u32', place: 'u32' },
})

/** Standard normal noise [dim, 256] of a stream, row 0; the twin is normalFromWord over philoxWords. */
export function normalNoise(device: TfjsDevice, stream: PhiloxStream, dim: number): Tensor2D {
  const y = device.empty([dim, SIGREG_SLICES])
  device.dispatch(normalNoiseKernel, {
    tensors: { y },
    params: {
      seed: stream.seed,
      step: stream.step,
      micro_batch: stream.microBatch,
      place: (stream.layer << 8) | stream.site,
    },
    threads: y.size / 4,
  })
  return y
}
