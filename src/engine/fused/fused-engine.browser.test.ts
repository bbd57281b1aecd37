import { beforeAll, describe, expect, it, vi } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../../test/golden-models.ts'
import { GoldenTensors, maxDifference, relativeDifference } from '../../../test/golden-tensors.ts'
import type { TfjsDevice } from '../../gpu/tfjs-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { createTapeEngine } from '../create-tape-engine.ts'
import type { Engine, StepResult, TokenBatch } from '../engine.ts'
import { openTestDevice } from '../ops/test-device.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import { modelBytes, modelRegions } from './model-regions.ts'
import { planOptimizer } from './optimizer-plan.ts'
import { parameterLayout } from './parameter-layout.ts'
import { planTraining } from './training-plan.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const LOSS = 2e-5
const GRADIENT = 1e-4
const LEARNING_RATE = 1e-4

let device: TfjsDevice
beforeAll(async () => {
  device = await openTestDevice()
})

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

/** Sizes that are no multiple of any tile, heads of 6, 4, 40 and 16 values, one row, one token. */
const odd: [ModelConfig, number, number, number][] = [
  [{ name: 'odd', dim: 12, ffn: 20, layers: 1, heads: 2, vocab: 264 }, 3, 17, 0.1],
  [{ name: 'odd', dim: 20, ffn: 4, layers: 2, heads: 5, vocab: 264 }, 1, 3, 0],
  [{ name: 'odd', dim: 40, ffn: 44, layers: 1, heads: 1, vocab: 264 }, 2, 33, 0.5],
  [{ name: 'odd', dim: 16, ffn: 32, layers: 1, heads: 4, vocab: 264 }, 1, 1, 0],
  [{ name: 'odd', dim: 64, ffn: 132, layers: 1, heads: 4, vocab: 264 }, 3, 129, 0],
]

describe('against the tape', () => {
  it.each(odd)('%o, %d x %d, dropout %d', async (config, rows, sequence, dropout) => {
    const engines = [createFusedEngine(config, device.gpu), createTapeEngine(config, device)] as const
    // The second micro-batch has fewer tokens, so that the plan changes within the step.
    const microBatches = [batchOf(rows, sequence, 1), batchOf(rows, Math.ceil(sequence / 2), 2)]
    const results = []
    for (const engine of engines) {
      await engine.initialise(4)
      results.push(await engine.step({ microBatches, learningRate: 1e-3, dropout, seed: 77 }))
    }
    const [fused, tape] = results as [StepResult, StepResult]
    expect(Math.abs(fused.crossEntropy - tape.crossEntropy)).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(fused.sigreg - tape.sigreg)).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(fused.gradientNorm / tape.gradientNorm - 1)).toBeLessThanOrEqual(GRADIENT)
    for (const { name } of parameterTable(config)) {
      const [actual, expected] = await Promise.all(engines.map((engine) => engine.readMoments(name)))
      const largest = Math.max(...expected!.m.map(Math.abs))
      // The bias of the key shifts all scores of a query alike: its gradient is rounding, nothing else.
      if (largest * 10 < fused.gradientNorm * 1e-5) continue
      expect(relativeDifference(actual!.m, expected!.m), name).toBeLessThanOrEqual(GRADIENT)
    }
    for (const engine of engines) engine.dispose()
  })
})

describe('memory and order', () => {
  it('takes exactly the bytes of its plan', async () => {
    const { config } = goldenModels['v1-small']
    const create = vi.spyOn(device.gpu.device, 'createBuffer')
    const engine = createFusedEngine(config, device.gpu)
    const batch = batchOf(3, 33, 1)
    await engine.step({ microBatches: [batch, batch], learningRate: 1e-3, dropout: 0, seed: 1 })
    const allocated = create.mock.calls.reduce((sum, [{ size }]) => sum + size, 0)
    create.mockRestore()
    const { maxBufferSize, maxStorageBufferBindingSize } = device.gpu.device.limits
    const layout = parameterLayout(config, Math.min(maxBufferSize, maxStorageBufferBindingSize))
    const model = modelRegions(layout)
    const shape = { rows: 3, sequence: 33, dropout: false, positions: false }
    const { resting, training } = modelBytes(model)
    const planned =
      resting + training + planTraining(config, model, shape, false).bytes + planOptimizer(model).bytes
    expect(engine.memoryBytes()).toBe(planned)
    expect(allocated).toBe(planned)
    expect(engine.counters().submits).toBeLessThanOrEqual(8)
    engine.dispose()
  })

  it('does what is asked for at the same time one after another', async () => {
    const engine = createFusedEngine(goldenModels['v1-small'].config, device.gpu)
    await engine.initialise(3)
    const batch = batchOf(2, 20, 1)
    const request = { microBatches: [batch], learningRate: 0, dropout: 0, seed: 1 }
    const prompt = Uint8Array.of(65)
    const options = { length: 3, temperature: 0, seed: 0 }
    const alone = [await engine.evaluate(batch), await engine.sample(prompt, options)]
    const [evaluated, sampled, , again] = await Promise.all([
      engine.evaluate(batch),
      engine.sample(prompt, options),
      engine.step(request),
      engine.evaluate(batch),
    ])
    expect([evaluated, sampled]).toEqual(alone)
    expect(again).toEqual(evaluated)
    engine.dispose()
  })

  it('gives equal bits for equal seeds, dropout and noise included', async () => {
    const run = async () => {
      const engine = createFusedEngine(goldenModels['v1-small'].config, device.gpu)
      await engine.initialise(3)
      const batch = batchOf(3, 33, 1)
      const losses: number[] = []
      for (let step = 0; step < 3; step += 1) {
        const request = { microBatches: [batch, batch], learningRate: 1e-2, dropout: 0.1, seed: 5 }
        losses.push((await engine.step(request)).loss)
      }
      const weights = await engine.readTensor('encoder.layers.1.attention.key.weight')
      engine.dispose()
      return [...losses, ...weights]
    }
    const first = await run()
    expect(first[2]).toBeLessThan(first[0]!)
    expect(await run()).toEqual(first)
  })
})

describe('evaluate and sample', () => {
  it('give what the package and the tape give', async () => {
    const { batches, noise, steps } = await goldenTraining('v1-small')
    const { config } = goldenModels['v1-small']
    const golden = await GoldenTensors.load('v1-small/forward.safetensors')
    const fused = createFusedEngine(config, device.gpu)
    const tape = createTapeEngine(config, device)
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
    // Over the edge of the padded context.
    const prompt = new Uint8Array(61).map((_, at) => 97 + (at % 7))
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

function batchOf(rows: number, sequence: number, seed: number): TokenBatch {
  const tokens = Int32Array.from({ length: rows * sequence }, (_, i) => (i * i + 31 * seed * i + seed) % 256)
  const targets = tokens.map((token, i) => (i % sequence === sequence - 1 && i > 0 ? 256 : (token * 7) % 256))
  return { tokens, targets, rows, sequence }
}
