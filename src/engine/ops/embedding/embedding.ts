import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import embeddingWgsl from './embedding.wgsl?raw'
import embeddingGradWgsl from './embedding-grad.wgsl?raw'

export const embeddingKernel = defineKernel({
  name: 'embedding',
  source: embeddingWgsl,
  bindings: { weight: 'read vec4f', tokens: 'read i32', y: 'write vec4f' },
  params: { dim: 'u32' },
})

const gradKernel = defineKernel({
  name: 'embedding-grad',
  source: embeddingGradWgsl,
  bindings: { dy: 'read vec4f', tokens: 'read i32', blocks: 'read vec4i', dweight: 'write vec4f' },
  params: { dim: 'u32', positions: 'u32' },
})

/** Most vec4 columns of a thread: its scan of the tokens is paid once for all of them. */
const MOST_COLS = 16

/** y[n, d] = weight[tokens[n], d]; tokens int32, all below the vocabulary. */
export function embedding(device: TfjsDevice, weight: Tensor2D, tokens: Tensor1D): Tensor2D {
  const dim = weight.shape[1]
  requireMultipleOfFour({ dim })
  const y = device.empty([tokens.size, dim])
  device.dispatch(embeddingKernel, {
    tensors: { weight, tokens, y },
    params: { dim },
    threads: (tokens.size * dim) / 4,
  })
  return y
}

/** dweight[vocab, d] for dy[n, d]; positions are added in order. */
export function embeddingGrad(device: TfjsDevice, dy: Tensor2D, tokens: Tensor1D, vocab: number): Tensor2D {
  const [positions, dim] = dy.shape
  const COLS = Math.min(MOST_COLS, dim / 4)
  const dweight = device.empty([vocab, dim])
  device.dispatch(gradKernel, {
    // The same tokens as vec4, which needs a buffer of at least one.
    tensors: { dy, tokens, ...(positions >= 4 ? { blocks: tokens } : {}), dweight },
    params: { dim, positions },
    threads: vocab * Math.ceil(dim / 4 / COLS),
    constants: { COLS },
  })
  return dweight
}
