import * as tf from '@tensorflow/tfjs'
import { SIGREG_SLICES } from '../model/model-config.ts'
import { PAD } from '../tokenizer/encode-window.ts'
import { adamConstants, LAYER_NORM_EPSILON, type ModelOps, type ParameterState } from './model-ops.ts'
import { normalFromWord, philoxWords } from './philox.ts'
import { plainAttention } from './plain-attention.ts'
import { plainDrop } from './plain-dropout.ts'
import { plainGelu } from './plain-gelu.ts'
import { plainSigreg } from './plain-sigreg.ts'

/**
 * The model's operations as a reader of the specification would write them, in TensorFlow.js operations with
 * autodiff, on whatever backend is current. The oracle for the WGSL operations: clear before fast.
 */
export function createPlainOps(): ModelOps {
  return {
    description: `TensorFlow.js, ${tf.getBackend()}`,
    embedding,
    layerNorm(x, gamma, beta) {
      const { mean, variance } = tf.moments(x, 1, true)
      return x.sub(mean).mul(variance.add(LAYER_NORM_EPSILON).rsqrt()).mul(gamma).add(beta) as tf.Tensor2D
    },
    linear: (x, weight, bias) => tf.matMul(x, weight).add(bias) as tf.Tensor2D,
    attention: plainAttention,
    gelu: (x, rows, dropout) => plainDrop(plainGelu(x), rows, dropout),
    residual: (x, branch, rows, dropout) => x.add(plainDrop(branch, rows, dropout)) as tf.Tensor2D,
    crossEntropy(logits, targets, scale) {
      const counted = targets.notEqual(tf.scalar(PAD, 'int32')).cast('float32').mul(-scale)
      const chosen = tf.oneHot(targets, logits.shape[1]).cast('float32').mul(tf.logSoftmax(logits)).sum(1)
      return chosen.mul(counted).sum() as tf.Scalar
    },
    sigreg: plainSigreg,
    normalNoise(stream, dim) {
      const words = philoxWords(stream, 0, 0, dim * SIGREG_SLICES)
      return tf.tensor2d(Float32Array.from(words, normalFromWord), [dim, SIGREG_SLICES])
    },
    // Not tf.addN: on WebGPU it binds every tensor at once, more than a device takes.
    sumOfSquares: (tensors) =>
      tensors.map((tensor) => tensor.square().sum()).reduce((sum, part) => sum.add(part)) as tf.Scalar,
    adam(states, gradients, { learningRate, step }) {
      for (const [index, state] of states.entries()) adam(state, gradients[index]!, learningRate, step)
    },
    counters: () => ({ dispatches: 0, submits: 0 }),
    scratchBytes: () => 0,
    dispose() {},
  }
}

/** A gather whose gradient is one matrix product, so that its sums have one order. */
function embedding(weight: tf.Tensor2D, tokens: tf.Tensor1D): tf.Tensor2D {
  const lookup = tf.customGrad((table) => {
    const [vocab] = (table as tf.Tensor2D).shape
    return {
      value: tf.gather(table as tf.Tensor2D, tokens),
      gradFunc: (dy: tf.Tensor) =>
        tf.matMul(tf.oneHot(tokens, vocab).cast('float32') as tf.Tensor2D, dy as tf.Tensor2D, true),
    }
  })
  return lookup(weight) as tf.Tensor2D
}

function adam(state: ParameterState, gradient: tf.Tensor, learningRate: number, step: number): void {
  const { beta1, beta2, epsilon } = adamConstants
  const old = { ...state }
  state.m = tf.tidy(() => old.m.mul(beta1).add(gradient.mul(1 - beta1)))
  state.v = tf.tidy(() => old.v.mul(beta2).add(gradient.square().mul(1 - beta2)))
  state.value = tf.tidy(() => {
    const root = state.v.sqrt().div(Math.sqrt(1 - beta2 ** step))
    return old.value.sub(state.m.mul(learningRate / (1 - beta1 ** step)).div(root.add(epsilon)))
  })
  for (const tensor of [old.m, old.v, old.value]) tensor.dispose()
  for (const tensor of [state.m, state.v, state.value]) tf.keep(tensor)
}
