import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { followGoldenDistillation, meanEmbedding, softened } from '../../test/golden-distillation.ts'
import { goldenModels } from '../../test/golden-models.ts'
import { GoldenTensors, maxDifference } from '../../test/golden-tensors.ts'
import { createReferenceEngine } from './create-reference-engine.ts'
import type { StepRequest, TokenBatch } from './engine.ts'

/** f32 on a CPU, golden README, "Tolerances". */
const TOLERANCES = { loss: 5e-6, gradient: 1e-5, embedding: 2e-5 }
const WEIGHT = 3e-6

beforeAll(() => tf.setBackend('cpu'))

describe('distillation', () => {
  it.each([
    ['v1-small', 10],
    ['v1-mid', 1],
  ] as const)('follows the package with %s over %i Adam steps', async (folder, count) => {
    const { config } = goldenModels[folder]
    const student = createReferenceEngine(config)
    const teacher = createReferenceEngine(config)
    let tensors = 0
    await followGoldenDistillation(student, teacher, folder, count, TOLERANCES, () => {
      tensors = tf.memory().numTensors
    })
    expect(tf.memory().numTensors).toBe(tensors)
    if (folder === 'v1-small') {
      const golden = await GoldenTensors.load('distill/v1-small/weights.step10.safetensors')
      for (const name of golden.names) {
        expect(maxDifference(await student.readTensor(name), golden.f32(name)), name).toBeLessThanOrEqual(
          WEIGHT,
        )
      }
    }
    student.dispose()
    teacher.dispose()
  })
})

describe('logit distillation', () => {
  it('is KL at a temperature, and its gradient is that of finite differences', async () => {
    const { config } = goldenModels['tiny-42']
    const engine = createReferenceEngine(config)
    await engine.initialise(3)
    const teacher = createReferenceEngine(config)
    await teacher.initialise(4)
    const tokens = Int32Array.from({ length: 16 }, (_, index) => (7 * index) % 256)
    const targets = tokens.map((_, index) => (index % 8 === 7 ? 256 : tokens[index + 1]!))
    const batch: TokenBatch = { tokens, targets, rows: 2, sequence: 8 }
    const temperature = 2
    const soft = (logits: Float32Array) => softened(logits, config.vocab, temperature)
    const probabilities = soft(await teacher.logits!(batch))
    const embedding = await meanEmbedding(engine, batch)
    const request: StepRequest = {
      microBatches: [batch],
      learningRate: 0,
      dropout: 0,
      seed: 5,
      distillation: {
        alpha: 0,
        // Its own embedding: nothing pulls but the predictions.
        teacherEmbeddings: [embedding],
        logits: { weight: 0.5, temperature, teacherProbabilities: [probabilities] },
      },
    }
    const divergence = async () => {
      const own = soft(await engine.logits!(batch))
      let sum = 0
      let counted = 0
      for (const [position, target] of targets.entries()) {
        if (target === 256) continue
        counted += 1
        for (let token = 0; token < config.vocab; token += 1) {
          const at = position * config.vocab + token
          sum += probabilities[at]! * Math.log(probabilities[at]! / own[at]!)
        }
      }
      return sum / counted
    }
    const before = await divergence()
    const result = await engine.step(request)
    expect(Math.abs(result.logitDivergence! - before)).toBeLessThanOrEqual(TOLERANCES.loss)
    expect(Math.abs(result.loss - 0.5 * temperature ** 2 * before)).toBeLessThanOrEqual(4 * TOLERANCES.loss)

    const name = 'predictor.bias'
    const gradient = (await engine.readMoments(name)).m.map((value) => value / (1 - 0.9))
    const bias = await engine.readTensor(name)
    for (const unit of [0, 40, 200]) {
      const at = async (shift: number) => {
        engine.writeTensor(
          name,
          bias.map((value, index) => (index === unit ? value + shift : value)),
        )
        return divergence()
      }
      const slope = (0.5 * temperature ** 2 * ((await at(0.05)) - (await at(-0.05)))) / 0.1
      expect(Math.abs(slope - gradient[unit]!)).toBeLessThanOrEqual(1e-4)
    }
    engine.dispose()
    teacher.dispose()
  })

  it('refuses a teacher of another width and an alpha that is none', async () => {
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    const batch: TokenBatch = { tokens: new Int32Array(8), targets: new Int32Array(8), rows: 1, sequence: 8 }
    const step = (alpha: number, length: number) =>
      engine.step({
        microBatches: [batch],
        learningRate: 0,
        dropout: 0,
        seed: 0,
        distillation: { alpha, teacherEmbeddings: [new Float32Array(length)] },
      })
    await expect(step(0.5, 5)).rejects.toThrow(/does not have 4 values/)
    await expect(step(1.5, 4)).rejects.toThrow(/Alpha is 1.5/)
    engine.dispose()
  })
})
