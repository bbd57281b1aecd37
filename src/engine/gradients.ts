import * as tf from '@tensorflow/tfjs'
import type { ModelConfig } from '../model/model-config.ts'
import { totalLoss } from './distillation-loss.ts'
import { type Losses, type LossInput, losses } from './forward.ts'
import type { ModelOps } from './model-ops.ts'
import type { ParameterStore } from './parameter-store.ts'

/** Gradients in table order and the losses they belong to; they belong to the caller's tidy scope. */
export interface Gradients extends Losses {
  readonly gradients: tf.Tensor[]
}

/** Forward and backward of one micro-batch with respect to every parameter. */
export function lossGradients(
  ops: ModelOps,
  config: ModelConfig,
  store: ParameterStore,
  input: LossInput,
): Gradients {
  return tf.tidy(() => {
    let kept: Losses | undefined
    const run = tf.valueAndGrads(() => {
      const parts = losses(ops, config, (name) => store.value(name), input)
      // The tape's own scope ends before the losses are returned.
      kept = mapLosses(parts, (part) => tf.keep(part))
      return totalLoss(parts, input.distillation)
    })
    const { grads } = run(store.values())
    const result = { gradients: grads, ...mapLosses(kept!, (part) => part.clone()) }
    mapLosses(kept!, (part) => {
      part.dispose()
      return part
    })
    return result
  })
}

function mapLosses(parts: Losses, change: (part: tf.Scalar) => tf.Scalar): Losses {
  const { crossEntropy, sigreg, embeddingError, logitDivergence } = parts
  return {
    crossEntropy: change(crossEntropy),
    sigreg: change(sigreg),
    ...(embeddingError ? { embeddingError: change(embeddingError) } : {}),
    ...(logitDivergence ? { logitDivergence: change(logitDivergence) } : {}),
  }
}
