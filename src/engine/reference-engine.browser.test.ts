import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../test/golden-models.ts'
import { GoldenTensors, relativeDifference } from '../../test/golden-tensors.ts'
import type { TfjsDevice } from '../gpu/tfjs-device.ts'
import { createReferenceEngine } from './create-reference-engine.ts'
import { createTrainingEngine } from './create-training-engine.ts'
import type { Engine } from './engine.ts'
import { openTestDevice } from './ops/test-device.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const LOSS = 2e-5
const GRADIENT = 1e-4

let device: TfjsDevice
beforeAll(async () => {
  device = await openTestDevice()
})

describe('the oracle on the user device', () => {
  it('gives the losses and gradients of the package', async () => {
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const engine = createReferenceEngine(goldenModels['v1-small'].config)
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    const result = await engine.step({
      microBatches: [batches[0]!],
      learningRate: 1e-4,
      dropout: 0,
      seed: 0,
      noise: [noise[0]!],
    })
    expect(Math.abs(result.crossEntropy - steps[0]!.ce)).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(result.sigreg - steps[0]!.sigreg)).toBeLessThanOrEqual(LOSS)
    const golden = await GoldenTensors.load('v1-small/grads.step0.safetensors')
    await expectFirstGradients(engine, (name) => Promise.resolve(golden.f32(name)), golden.names)
    engine.dispose()
  })

  it('agrees with the training engine where masks and noise come from Philox', async () => {
    const { batches } = await goldenTraining('v1-small')
    const engines = [
      createReferenceEngine(goldenModels['v1-small'].config),
      createTrainingEngine(goldenModels['v1-small'].config, device),
    ] as const
    const results = []
    for (const engine of engines) {
      await loadGoldenWeights(engine, 'scoring/weights.small-42.safetensors')
      results.push(
        await engine.step({ microBatches: batches.slice(0, 2), learningRate: 1e-3, dropout: 0.1, seed: 77 }),
      )
    }
    const [plain, raw] = results as [(typeof results)[0], (typeof results)[0]]
    expect(Math.abs(plain.crossEntropy - raw.crossEntropy)).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(plain.sigreg - raw.sigreg)).toBeLessThanOrEqual(LOSS)
    const { names } = await GoldenTensors.load('scoring/weights.small-42.safetensors')
    await expectFirstGradients(engines[1], async (name) => firstGradient(engines[0], name), names)
    for (const engine of engines) engine.dispose()
    expect(tf.getBackend()).toBe('webgpu')
  })
})

/** After the first step m = (1 - beta1) * gradient. */
async function firstGradient(engine: Engine, name: string): Promise<Float32Array> {
  return (await engine.readMoments(name)).m.map((value) => value / (1 - 0.9))
}

async function expectFirstGradients(
  engine: Engine,
  expected: (name: string) => Promise<Float32Array>,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const difference = relativeDifference(await firstGradient(engine, name), await expected(name))
    expect(difference, name).toBeLessThanOrEqual(GRADIENT)
  }
}
