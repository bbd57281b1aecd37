import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../test/golden-models.ts'
import { GoldenTensors, maxDifference, relativeDifference } from '../../test/golden-tensors.ts'
import { SIGREG_COEFFICIENT } from '../model/model-config.ts'
import { parameterTable } from '../model/parameter-table.ts'
import { countTargets, RopeCache } from './batch-input.ts'
import { createReferenceEngine } from './create-reference-engine.ts'
import { lossGradients } from './gradients.ts'
import { ParameterStore } from './parameter-store.ts'
import { createPlainOps } from './plain-ops.ts'

/** f32 on a CPU, golden README, "Tolerances". */
const LOSS = 5e-6
const GRADIENT = 1e-5
const WEIGHT = 3e-6
const LEARNING_RATE = 1e-4

beforeAll(() => tf.setBackend('cpu'))

describe('gradients', () => {
  it.each([
    ['v1-small/weights.init', 'v1-small/grads.step0', 'v1-small', 1, 1],
    ['v1-small/weights.init', 'v1-small/grads.step0.ce', 'v1-small', 1, 0],
    ['v1-small/weights.init', 'v1-small/grads.step0.sigreg', 'v1-small', 0, 1],
    ['scoring/weights.small-42', 'scoring/grads.small-42', 'v1-small', 1, 1],
    ['v1-mid/weights.init', 'v1-mid/grads.step0', 'v1-mid', 1, 1],
  ] as const)('from %s match %s', async (weights, expected, folder, crossEntropy, sigreg) => {
    const { config } = goldenModels[folder]
    const { batches, noise } = await goldenTraining(folder)
    const golden = await GoldenTensors.load(`${expected}.safetensors`)
    const store = new ParameterStore(config)
    const loaded = await GoldenTensors.load(`${weights}.safetensors`)
    for (const name of loaded.names) store.write(name, 'value', loaded.f32(name))
    const batch = batches[0]!
    const input = {
      tokens: tf.tensor1d(batch.tokens, 'int32'),
      targets: tf.tensor1d(batch.targets, 'int32'),
      rope: new RopeCache(config).local(batch.sequence),
      rows: batch.rows,
      sequence: batch.sequence,
      noise: tf.tensor2d(noise[0]!, [config.dim, 256]),
      crossEntropyScale: crossEntropy / countTargets(batch.targets),
      sigregScale: sigreg * SIGREG_COEFFICIENT,
    }
    const { gradients } = lossGradients(createPlainOps(), config, store, input)
    for (const [place, { name }] of parameterTable(config).entries()) {
      const difference = relativeDifference(gradients[place]!.dataSync(), golden.f32(name))
      expect(difference, name).toBeLessThanOrEqual(GRADIENT)
    }
  })
})

describe('step', () => {
  it('follows ten Adam steps of the package', async () => {
    const { config } = goldenModels['v1-small']
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const engine = createReferenceEngine(config)
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    let tensorsAfterFirst = 0
    for (const [index, expected] of steps.entries()) {
      const result = await engine.step({
        microBatches: [batches[index]!],
        learningRate: LEARNING_RATE,
        dropout: 0,
        seed: 0,
        noise: [noise[index]!],
      })
      expect(result.step).toBe(index + 1)
      expect(Math.abs(result.loss - expected.loss)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.crossEntropy - expected.ce)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.sigreg - expected.sigreg)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.gradientNorm / expected.grad_norm - 1)).toBeLessThanOrEqual(GRADIENT)
      if (index === 0) {
        tensorsAfterFirst = tf.memory().numTensors
        await expectWeights(engine.readTensor.bind(engine), 'v1-small/weights.step1.safetensors')
      }
    }
    expect(tf.memory().numTensors).toBe(tensorsAfterFirst)
    await expectWeights(engine.readTensor.bind(engine), 'v1-small/weights.step10.safetensors')
    for (const moment of ['m', 'v'] as const) {
      const golden = await GoldenTensors.load(`v1-small/adam.step10.${moment}.safetensors`)
      for (const name of golden.names) {
        const actual = (await engine.readMoments(name))[moment]
        expect(relativeDifference(actual, golden.f32(name)), name).toBeLessThanOrEqual(GRADIENT)
      }
    }
    engine.dispose()
  })

  it('follows one step of the larger model', async () => {
    const { batches, noise } = await goldenTraining('v1-mid')
    const engine = createReferenceEngine(goldenModels['v1-mid'].config)
    await loadGoldenWeights(engine, 'v1-mid/weights.init.safetensors')
    await engine.step({
      microBatches: [batches[0]!],
      learningRate: LEARNING_RATE,
      dropout: 0,
      seed: 0,
      noise: [noise[0]!],
    })
    await expectWeights(engine.readTensor.bind(engine), 'v1-mid/weights.step1.safetensors')
    engine.dispose()
  })

  it('averages accumulated micro-batches', async () => {
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const engine = createReferenceEngine(goldenModels['v1-small'].config)
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    const golden = await GoldenTensors.load('v1-small/grads.accumulate2.safetensors')
    const result = await engine.step({
      microBatches: batches.slice(0, 2),
      learningRate: LEARNING_RATE,
      dropout: 0,
      seed: 0,
      noise: noise.slice(0, 2),
    })
    for (const name of golden.names) {
      // After the first step m = (1 - beta1) * gradient.
      const gradient = (await engine.readMoments(name)).m.map((value) => value / (1 - 0.9))
      expect(relativeDifference(gradient, golden.f32(name)), name).toBeLessThanOrEqual(GRADIENT)
    }
    const squares = golden.names.flatMap((name) => Array.from(golden.f32(name), (value) => value * value))
    const norm = Math.sqrt(squares.reduce((sum, value) => sum + value, 0))
    expect(Math.abs(result.gradientNorm / norm - 1)).toBeLessThanOrEqual(GRADIENT)
    expect(Math.abs(result.sigreg - steps[0]!.sigreg)).toBeLessThan(0.01)
    engine.dispose()
  })
})

async function expectWeights(read: (name: string) => Promise<Float32Array>, path: string): Promise<void> {
  const golden = await GoldenTensors.load(path)
  for (const name of golden.names) {
    expect(maxDifference(await read(name), golden.f32(name)), name).toBeLessThanOrEqual(WEIGHT)
  }
}
