import { defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { countTargets } from '../../engine/batch-input.ts'
import { initialValues } from '../../engine/initial-values.ts'
import { adamConstants } from '../../engine/model-ops.ts'
import { ropeAngles } from '../../engine/rope-angles.ts'
import { SIGREG_SLICES } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { Trainer, TrainerInput } from '../trainer.ts'
import { adam, type JaxBatch, lossOf, type Weights } from './jax-model.ts'

/** V1 in jax-js: the whole step, Adam included, is one jitted function. */
export async function createJaxTrainer({
  config,
  batch,
  noise,
  learningRate,
  seed,
}: TrainerInput): Promise<Trainer> {
  const devices = await init('webgpu')
  if (!devices.includes('webgpu')) throw new Error('jax-js found no WebGPU device.')
  defaultDevice('webgpu')
  const { rows, sequence } = batch
  const { dim, heads } = config

  const table = parameterTable(config)
  const fresh = (values: (place: number) => Float32Array): Weights =>
    Object.fromEntries(
      table.map(({ name, shape }, place) => [
        name,
        np.array(values(place) as Float32Array<ArrayBuffer>).reshape([...shape]),
      ]),
    )
  let state = {
    value: fresh((place) => initialValues(table[place]!, place, seed)),
    m: fresh((place) => new Float32Array(table[place]!.size)),
    v: fresh((place) => new Float32Array(table[place]!.size)),
  }

  const positions = Int32Array.from({ length: sequence }, (_, index) => index)
  const { cos, sin } = ropeAngles(positions, dim / heads)
  const counted = countTargets(batch.targets)
  const targetWeights = Float32Array.from(batch.targets, (target) => (target === 256 ? 0 : 1 / counted))
  const floats = (values: Float32Array, shape: number[]) =>
    np.array(values as Float32Array<ArrayBuffer>).reshape(shape)
  const ids = (values: Int32Array) => np.array(values as Int32Array<ArrayBuffer>, { dtype: np.int32 })
  const uploaded = (step: number): JaxBatch => ({
    tokens: ids(batch.tokens),
    targets: ids(batch.targets),
    targetWeights: np.array(targetWeights),
    cos: floats(cos, [sequence, dim / heads / 2]),
    sin: floats(sin, [sequence, dim / heads / 2]),
    noise: floats(noise(step), [dim, SIGREG_SLICES]),
  })

  const train = jit(
    (value: Weights, m: Weights, v: Weights, data: JaxBatch, rate: np.Array, root: np.Array) => {
      const loss = (weights: Weights, given: JaxBatch) => lossOf({ config, rows, sequence }, weights, given)
      const [total, gradients] = valueAndGrad(loss)(tree.ref(value), data)
      const next = { value: {} as Weights, m: {} as Weights, v: {} as Weights }
      for (const { name } of table) {
        const updated = adam(
          value[name]!,
          m[name]!,
          v[name]!,
          (gradients as Weights)[name]!,
          rate.ref,
          root.ref,
        )
        next.value[name] = updated.value
        next.m[name] = updated.m
        next.v[name] = updated.v
      }
      rate.dispose()
      root.dispose()
      return { ...next, total }
    },
  )

  return {
    name: 'jaxjs',
    async step(step) {
      const rate = np.array(learningRate / (1 - adamConstants.beta1 ** step))
      const root = np.array(1 / Math.sqrt(1 - adamConstants.beta2 ** step))
      const { total, ...next } = train(state.value, state.m, state.v, uploaded(step), rate, root)
      state = next
      // All outputs of a jitted function hang on the same submits: the loss stands for them.
      return (await total.data())[0] as number
    },
    dispose() {
      tree.dispose(state)
      train.dispose()
    },
  }
}
