import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../test/golden-models.ts'
import { GoldenTensors, maxDifference, relativeDifference } from '../../test/golden-tensors.ts'
import { expectGoldenWeights } from '../../test/golden-weights.ts'
import { openDevice } from '../gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../gpu/tfjs-device.ts'
import { SIGREG_COEFFICIENT } from '../model/model-config.ts'
import { parameterTable } from '../model/parameter-table.ts'
import { countTargets, RopeCache } from './batch-input.ts'
import { createTapeEngine } from './create-tape-engine.ts'
import { createTrainingEngine } from './create-training-engine.ts'
import type { Engine } from './engine.ts'
import { encode, predict } from './forward.ts'
import { lossGradients } from './gradients.ts'
import { createRawOps } from './ops/raw-ops.ts'
import { openTestDevice } from './ops/test-device.ts'
import { ParameterStore } from './parameter-store.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const HIDDEN = 5e-5
const LOSS = 2e-5
const GRADIENT = 1e-4
const LEARNING_RATE = 1e-4

let device: TfjsDevice
beforeAll(async () => {
  device = await openTestDevice()
})

describe('forward', () => {
  it.each(['v1-small', 'v1-mid'] as const)('of %s matches the package', async (folder) => {
    const { config, store, input } = await goldenInput(folder, `${folder}/weights.init`)
    const golden = await GoldenTensors.load(`${folder}/forward.safetensors`)
    const ops = createRawOps(device)
    const parameters = (name: string) => store.value(name)
    const hidden = tf.tidy(() => encode(ops, config, parameters, input))
    const logits = tf.tidy(() => predict(ops, parameters, hidden))
    expect(maxDifference(await hidden.data(), golden.f32('final'))).toBeLessThanOrEqual(HIDDEN)
    expect(maxDifference(await logits.data(), golden.f32('logits'))).toBeLessThanOrEqual(HIDDEN)
  })
})

describe('gradients', () => {
  it.each([
    ['v1-small/weights.init', 'v1-small/grads.step0', 'v1-small', 1, 1],
    ['v1-small/weights.init', 'v1-small/grads.step0.ce', 'v1-small', 1, 0],
    ['v1-small/weights.init', 'v1-small/grads.step0.sigreg', 'v1-small', 0, 1],
    ['scoring/weights.small-42', 'scoring/grads.small-42', 'v1-small', 1, 1],
    ['v1-mid/weights.init', 'v1-mid/grads.step0', 'v1-mid', 1, 1],
  ] as const)('from %s match %s', async (weights, expected, folder, crossEntropy, sigreg) => {
    const { config, store, input, targetCount } = await goldenInput(folder, weights)
    const golden = await GoldenTensors.load(`${expected}.safetensors`)
    const { gradients } = lossGradients(createRawOps(device), config, store, {
      ...input,
      crossEntropyScale: crossEntropy / targetCount,
      sigregScale: sigreg * SIGREG_COEFFICIENT,
    })
    for (const [place, { name }] of parameterTable(config).entries()) {
      const difference = relativeDifference(await gradients[place]!.data(), golden.f32(name))
      expect(difference, name).toBeLessThanOrEqual(GRADIENT)
    }
  })
})

describe.each([
  ['fused', createTrainingEngine],
  ['tape', createTapeEngine],
] as const)('step of the %s engine', (_, create) => {
  it('follows ten Adam steps of the package and leaks nothing', async () => {
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const engine = create(goldenModels['v1-small'].config, device)
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    let tensorsAfterFirst = 0
    for (const [index, expected] of steps.entries()) {
      const result = await engine.step(request([batches[index]!], [noise[index]!]))
      expect(Math.abs(result.loss - expected.loss)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.crossEntropy - expected.ce)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.sigreg - expected.sigreg)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.gradientNorm / expected.grad_norm - 1)).toBeLessThanOrEqual(GRADIENT)
      if (index > 0) continue
      tensorsAfterFirst = tf.memory().numTensors
      await expectGoldenWeights(engine, 'v1-small/weights.step1.safetensors', LEARNING_RATE, 1)
    }
    expect(tf.memory().numTensors).toBe(tensorsAfterFirst)
    await expectGoldenWeights(engine, 'v1-small/weights.step10.safetensors', LEARNING_RATE, 10)
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
    const engine = create(goldenModels['v1-mid'].config, device)
    await loadGoldenWeights(engine, 'v1-mid/weights.init.safetensors')
    await engine.step(request([batches[0]!], [noise[0]!]))
    await expectGoldenWeights(engine, 'v1-mid/weights.step1.safetensors', LEARNING_RATE, 1)
    engine.dispose()
  })

  it('averages accumulated micro-batches', async () => {
    const { batches, noise } = await goldenTraining('v1-small')
    const engine = create(goldenModels['v1-small'].config, device)
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    await engine.step(request(batches.slice(0, 2), noise.slice(0, 2)))
    const golden = await GoldenTensors.load('v1-small/grads.accumulate2.safetensors')
    for (const name of golden.names) {
      // After the first step m = (1 - beta1) * gradient.
      const gradient = (await engine.readMoments(name)).m.map((value) => value / (1 - 0.9))
      expect(relativeDifference(gradient, golden.f32(name)), name).toBeLessThanOrEqual(GRADIENT)
    }
    engine.dispose()
  })
})

describe('a device that reported an error', () => {
  it('is not trusted any more', async () => {
    const { batches, noise } = await goldenTraining('v1-small')
    const faulty = await openTfjsDevice(await openDevice())
    const engine = createTrainingEngine(goldenModels['v1-small'].config, faulty)
    await engine.initialise(1)
    faulty.gpu.device.createBuffer({ size: 4, usage: 0xffff })
    const step = engine.step(request([batches[0]!], [noise[0]!]))
    await expect(step).rejects.toMatchObject({ name: 'StudioError', code: 'internal' })
    engine.dispose()
    faulty.gpu.destroy()
  })
})

function request(
  microBatches: Parameters<Engine['step']>[0]['microBatches'],
  noise: readonly Float32Array[],
) {
  return { microBatches, learningRate: LEARNING_RATE, dropout: 0, seed: 0, noise }
}

async function goldenInput(folder: 'v1-small' | 'v1-mid', weights: string) {
  const { config } = goldenModels[folder]
  const { batches, noise } = await goldenTraining(folder)
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
  }
  return { config, store, input, targetCount: countTargets(batch.targets) }
}

describe('a closed engine', () => {
  it.each([
    ['fused', createTrainingEngine],
    ['tape', createTapeEngine],
  ] as const)('(%s) refuses every use instead of computing with zeros', async (_, create) => {
    const { config } = await goldenInput('v1-small', 'v1-small/weights.init')
    const engine = create(config, device)
    await engine.initialise(1)
    engine.dispose()
    const name = 'final_norm.gamma'
    const tokens = new Int32Array(8)
    await expect(engine.evaluate({ tokens, targets: tokens, rows: 1, sequence: 8 })).rejects.toThrow('closed')
    await expect(engine.readTensor(name)).rejects.toThrow('closed')
    await expect(engine.readMoments(name)).rejects.toThrow('closed')
    expect(() => engine.writeTensor(name, new Float32Array(config.dim))).toThrow('closed')
    // The device is sound: the next engine works on it.
    const next = create(config, device)
    await next.initialise(1)
    expect((await next.readTensor(name)).every((value) => value === 1)).toBe(true)
    next.dispose()
  })
})
