import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../../test/golden-models.ts'
import { GoldenTensors, maxDifference, relativeDifference } from '../../../test/golden-tensors.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'
import { createTrainingEngine } from '../create-training-engine.ts'
import type { Engine } from '../engine.ts'
import { createFusedEngine } from './create-fused-engine.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const LOSS = 2e-5
const GRADIENT = 1e-4
const WEIGHT = 5e-6
const LEARNING_RATE = 1e-4

let device: TfjsDevice
beforeAll(async () => {
  device = await openTfjsDevice(await openDevice())
})
afterAll(() => device.dispose())

const engineOf = (model: keyof typeof goldenModels) =>
  createFusedEngine(goldenModels[model].config, device.gpu)

describe('gradients', () => {
  it.each([
    ['v1-small/weights.init', 'v1-small/grads.step0', 'v1-small'],
    ['scoring/weights.small-42', 'scoring/grads.small-42', 'v1-small'],
    ['v1-mid/weights.init', 'v1-mid/grads.step0', 'v1-mid'],
  ] as const)('from %s match %s', async (weights, expected, folder) => {
    const { batches, noise } = await goldenTraining(folder)
    const engine = engineOf(folder)
    await loadGoldenWeights(engine, `${weights}.safetensors`)
    await engine.step(request([batches[0]!], [noise[0]!]))
    const golden = await GoldenTensors.load(`${expected}.safetensors`)
    for (const name of golden.names) {
      const difference = relativeDifference(await engine.readGradient(name), golden.f32(name))
      expect(difference, name).toBeLessThanOrEqual(GRADIENT)
    }
    engine.dispose()
  })
})

describe('step', () => {
  it('follows ten Adam steps of the package', async () => {
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const engine = engineOf('v1-small')
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    for (const [index, expected] of steps.entries()) {
      const result = await engine.step(request([batches[index]!], [noise[index]!]))
      expect(Math.abs(result.loss - expected.loss)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.crossEntropy - expected.ce)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.sigreg - expected.sigreg)).toBeLessThanOrEqual(LOSS)
      expect(Math.abs(result.gradientNorm / expected.grad_norm - 1)).toBeLessThanOrEqual(GRADIENT)
      if (index === 0) await expectWeights(engine, 'v1-small/weights.step1.safetensors', 1)
    }
    await expectWeights(engine, 'v1-small/weights.step10.safetensors', 10)
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
    const engine = engineOf('v1-mid')
    await loadGoldenWeights(engine, 'v1-mid/weights.init.safetensors')
    await engine.step(request([batches[0]!], [noise[0]!]))
    await expectWeights(engine, 'v1-mid/weights.step1.safetensors', 1)
    engine.dispose()
  })

  it('averages accumulated micro-batches', async () => {
    const { batches, noise } = await goldenTraining('v1-small')
    const engine = engineOf('v1-small')
    await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    await engine.step(request(batches.slice(0, 2), noise.slice(0, 2)))
    const golden = await GoldenTensors.load('v1-small/grads.accumulate2.safetensors')
    for (const name of golden.names) {
      const difference = relativeDifference(await engine.readGradient(name), golden.f32(name))
      expect(difference, name).toBeLessThanOrEqual(GRADIENT)
    }
    engine.dispose()
  })

  it('agrees with the tape where masks and noise come from Philox', async () => {
    const { batches } = await goldenTraining('v1-small')
    const { config } = goldenModels['v1-small']
    const tape = createTrainingEngine(config, device)
    const fused = createFusedEngine(config, device.gpu)
    const results = []
    for (const engine of [tape, fused]) {
      await loadGoldenWeights(engine, 'scoring/weights.small-42.safetensors')
      results.push(
        await engine.step({ microBatches: batches.slice(0, 2), learningRate: 1e-3, dropout: 0.1, seed: 77 }),
      )
    }
    const [a, b] = results as [(typeof results)[0], (typeof results)[0]]
    expect(Math.abs(a.crossEntropy - b.crossEntropy)).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(a.sigreg - b.sigreg)).toBeLessThanOrEqual(LOSS)
    const { names } = await GoldenTensors.load('scoring/weights.small-42.safetensors')
    for (const name of names) {
      const expected = (await tape.readMoments(name)).m
      const actual = (await fused.readMoments(name)).m
      expect(relativeDifference(actual, expected), name).toBeLessThanOrEqual(GRADIENT)
    }
    tape.dispose()
    fused.dispose()
  })
})

describe('evaluate and sample', () => {
  it('give what the package and the tape give', async () => {
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const { config } = goldenModels['v1-small']
    const golden = await GoldenTensors.load('v1-small/forward.safetensors')
    const fused = createFusedEngine(config, device.gpu)
    const tape = createTrainingEngine(config, device)
    for (const engine of [fused, tape]) {
      await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
    }
    const result = await fused.evaluate(batches[0]!, noise[0])
    const nats = golden.f32('ce_masked').reduce((sum, value) => sum + value, 0)
    expect(Math.abs(result.nats - nats) / result.targets).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(result.sigreg - steps[0]!.sigreg)).toBeLessThanOrEqual(LOSS)
    const embedding = golden
      .f32('embedding')
      .map((_, unit) => [0, 1, 2, 3].reduce((sum, row) => sum + result.rowMeans[row * 16 + unit]! / 4, 0))
    expect(maxDifference(embedding, golden.f32('embedding'))).toBeLessThanOrEqual(1e-6)
    const positions = batches[0]!.tokens.map((_, index) => 1000 * (index % 7) + index)
    const moved = { ...batches[0]!, positions }
    const [one, other] = [await fused.evaluate(moved), await tape.evaluate(moved)]
    expect(Math.abs(one.nats - other.nats) / one.targets).toBeLessThanOrEqual(LOSS)
    expect(maxDifference(one.rowMeans, other.rowMeans)).toBeLessThanOrEqual(5e-5)
    const prompt = new TextEncoder().encode('abc')
    for (const temperature of [0, 1]) {
      const options = { length: 5, temperature, seed: 3 }
      expect(await fused.sample(prompt, options)).toEqual(await tape.sample(prompt, options))
    }
    tape.dispose()
    fused.dispose()
  })
})

function request(
  microBatches: Parameters<Engine['step']>[0]['microBatches'],
  noise: readonly Float32Array[],
) {
  return { microBatches, learningRate: LEARNING_RATE, dropout: 0, seed: 0, noise }
}

/** 99.9 % of elements within the tolerance, all within 2 * learning rate * steps. */
async function expectWeights(engine: Engine, path: string, steps: number): Promise<void> {
  const golden = await GoldenTensors.load(path)
  let elements = 0
  let outside = 0
  for (const name of golden.names) {
    const expected = golden.f32(name)
    const actual = await engine.readTensor(name)
    expect(maxDifference(actual, expected), name).toBeLessThanOrEqual(2 * LEARNING_RATE * steps)
    elements += expected.length
    outside += expected.filter((value, index) => Math.abs(value - actual[index]!) > WEIGHT).length
  }
  expect(outside / elements).toBeLessThanOrEqual(0.001)
}
