import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import logWgsl from '../wgsl/log.wgsl?raw'
import crossEntropyWgsl from './cross-entropy.wgsl?raw'
import crossEntropyGradWgsl from './cross-entropy-grad.wgsl?raw'

/** The target that does not count; protocol 8.7. */
const constants = { PAD: 256 }

const forwardKernel = defineKernel({
  name: 'cross-entropy',
  source: crossEntropyWgsl,
  includes: [logWgsl],
  bindings: { logits: 'read vec4f', targets: 'read i32', losses: 'write f32', lse: 'write f32' },
  params: { vocab: 'u32' },
})

const gradKernel = defineKernel({
  name: 'cross-entropy-grad',
  source: crossEntropyGradWgsl,
  bindings: {
    logits: 'read vec4f',
    targets: 'read i32',
    lse: 'read f32',
    dy: 'read f32',
    dlogits: 'write vec4f',
  },
  params: { vocab: 'u32', scale: 'f32' },
})

/** Nats of each position, 0 where its target is PAD, and log sum exp of its logits [n, vocab]. */
export function crossEntropy(
  device: TfjsDevice,
  logits: Tensor2D,
  targets: Tensor1D,
): { losses: Tensor1D; lse: Tensor1D } {
  const [rows, vocab] = logits.shape
  requireMultipleOfFour({ vocab })
  const losses = device.empty([rows])
  const lse = device.empty([rows])
  device.dispatch(forwardKernel, {
    tensors: { logits, targets, losses, lse },
    params: { vocab },
    threads: rows,
    constants,
  })
  return { losses, lse }
}

/** dlogits[n, vocab] of scale * sum(losses), for the upstream gradient dy (a scalar). */
export function crossEntropyGrad(
  device: TfjsDevice,
  logits: Tensor2D,
  targets: Tensor1D,
  lse: Tensor1D,
  dy: Scalar,
  scale: number,
): Tensor2D {
  const dlogits = device.empty(logits.shape)
  device.dispatch(gradKernel, {
    tensors: { logits, targets, lse, dy, dlogits },
    params: { vocab: logits.shape[1], scale },
    threads: logits.size / 4,
    constants,
  })
  return dlogits
}
