import * as tf from '@tensorflow/tfjs'
import type { ModelConfig } from '../model/model-config.ts'
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
      const { crossEntropy, sigreg } = losses(ops, config, (name) => store.value(name), input)
      // The tape's own scope ends before the losses are returned.
      kept = { crossEntropy: tf.keep(crossEntropy), sigreg: tf.keep(sigreg) }
      return crossEntropy.add(sigreg)
    })
    const { grads } = run(store.values())
    const { crossEntropy, sigreg } = kept!
    const result = { gradients: grads, crossEntropy: crossEntropy.clone(), sigreg: sigreg.clone() }
    tf.dispose([crossEntropy, sigreg])
    return result
  })
}
