import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { countTargets, RopeCache } from '../../engine/batch-input.ts'
import { type LossInput, losses } from '../../engine/forward.ts'
import { initialValues } from '../../engine/initial-values.ts'
import { adamConstants } from '../../engine/model-ops.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { SIGREG_COEFFICIENT, SIGREG_SLICES } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { Trainer, TrainerInput } from '../trainer.ts'
import { createStockOps } from './stock-ops.ts'

const BACKEND = 'stock-webgpu'
/** Dispatches before TensorFlow.js submits, unless told otherwise. */
const STOCK_BATCH = 15

/**
 * V1 on TensorFlow.js as it comes: its operations, tape and Adam, on a WebGPU backend and device of its own, so that
 * neither buffers nor settings are those of the engine that runs raw kernels under the same tape.
 */
export async function createStockTrainer(input: TrainerInput): Promise<Trainer> {
  const { config, batch, noise, learningRate, seed } = input
  const ours = tf.getBackend()
  const ourBatch = tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')
  const gpu = await openDevice()
  tf.registerBackend(BACKEND, () => new WebGPUBackend(gpu.device, gpu.adapterInfo))
  // They stay when the backend goes.
  if (tf.getKernelsForBackend(BACKEND).length === 0) tf.copyRegisteredKernels('webgpu', BACKEND)

  /** TensorFlow.js has one current backend; each trainer takes it for its own steps. */
  async function onStock<T>(work: () => Promise<T>): Promise<T> {
    await tf.setBackend(BACKEND)
    tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', STOCK_BATCH)
    try {
      return await work()
    } finally {
      tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', ourBatch)
      await tf.setBackend(ours)
    }
  }

  const { beta1, beta2, epsilon } = adamConstants
  const ops = createStockOps()
  const rope = new RopeCache(config)
  const variables = new Map<string, tf.Variable>()
  const optimizer = await onStock(async () => {
    for (const [place, parameter] of parameterTable(config).entries()) {
      const values = tf.tensor(initialValues(parameter, place, seed), [...parameter.shape])
      variables.set(parameter.name, tf.variable(values))
      values.dispose()
    }
    return tf.train.adam(learningRate, beta1, beta2, epsilon)
  }).catch((error: unknown) => {
    tf.removeBackend(BACKEND)
    gpu.destroy()
    throw error
  })

  /** Made outside of the tape, which frees what it made itself before the gradients are asked for. */
  const upload = (step: number): LossInput => ({
    tokens: tf.tensor1d(batch.tokens, 'int32'),
    targets: tf.tensor1d(batch.targets, 'int32'),
    rope: rope.forBatch(batch),
    rows: batch.rows,
    sequence: batch.sequence,
    noise: tf.tensor2d(noise(step), [config.dim, SIGREG_SLICES]),
    crossEntropyScale: 1 / countTargets(batch.targets),
    sigregScale: SIGREG_COEFFICIENT,
  })

  function minimise(step: number): tf.Scalar {
    return tf.tidy(() => {
      const input = upload(step)
      const loss = () => {
        const { crossEntropy, sigreg } = losses(ops, config, (name) => variables.get(name)!, input)
        return crossEntropy.add(sigreg) as tf.Scalar
      }
      return optimizer.minimize(loss, true, [...variables.values()])!
    })
  }

  return {
    name: 'tfjs',
    step: (step) =>
      onStock(async () => {
        const loss = minimise(step)
        const [value] = await loss.data()
        loss.dispose()
        return value!
      }),
    dispose() {
      rope.dispose()
      ops.dispose()
      optimizer.dispose()
      for (const variable of variables.values()) variable.dispose()
      tf.removeBackend(BACKEND)
      gpu.destroy()
    },
  }
}
