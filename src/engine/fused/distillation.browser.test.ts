import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../../test/golden-models.ts'
import { GoldenTensors, goldenJson, maxDifference, relativeDifference } from '../../../test/golden-tensors.ts'
import { type GpuDevice, openDevice } from '../../gpu/open-device.ts'
import { openTfjsDevice } from '../../gpu/tfjs-device.ts'
import { createReferenceEngine } from '../create-reference-engine.ts'
import type { StepResult, TokenBatch } from '../engine.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import type { FusedEngine } from './fused-engine.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const LOSS = 2e-5
const GRADIENT = 1e-4
const EMBEDDING = 5e-5

interface Golden {
  steps: {
    ce: number
    sigreg: number
    mse: number
    loss: number
    grad_norm: number
    teacher_embed: number[]
  }[]
}

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openDevice()
})
afterAll(() => gpu.destroy())

async function meanEmbedding(engine: FusedEngine, batch: TokenBatch): Promise<Float32Array> {
  const { rowMeans } = await engine.evaluate(batch)
  const { dim } = engine.config
  return Float32Array.from({ length: dim }, (_, unit) => {
    let sum = 0
    for (let row = 0; row < batch.rows; row += 1) sum += rowMeans[row * dim + unit]!
    return sum / batch.rows
  })
}

const TEMPERATURE = 2

/** softmax(logits / temperature) of each row. */
function softened(logits: Float32Array, vocab: number, temperature: number): Float32Array {
  const result = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += vocab) {
    const row = logits.subarray(from, from + vocab)
    const top = Math.max(...row)
    const powers = row.map((value) => Math.exp((value - top) / temperature))
    const total = powers.reduce((sum, value) => sum + value, 0)
    result.set(
      powers.map((value) => value / total),
      from,
    )
  }
  return result
}

const groups: KernelSet = { ...defaultKernelSet, rows: 'group', attention: 'group' }

describe('distillation', () => {
  it.each([
    ['v1-small', 10, 'store', defaultKernelSet],
    ['v1-small', 2, 'B', groups],
    ['v1-mid', 1, 'A', defaultKernelSet],
  ] as const)(
    'follows the package with %s over %i Adam steps under %s',
    async (folder, count, memoryPlan, kernels) => {
      const { config } = goldenModels[folder]
      const { batches, noise } = await goldenTraining(folder)
      const { steps } = await goldenJson<Golden>(`distill/${folder}/distill.json`)
      const student = createFusedEngine(config, gpu, { memoryPlan, kernels })
      const teacher = createFusedEngine(config, gpu, { kernels })
      await loadGoldenWeights(student, `${folder}/weights.init.safetensors`)
      await loadGoldenWeights(teacher, `distill/${folder}/teacher.safetensors`)
      for (const [index, expected] of steps.slice(0, count).entries()) {
        const batch = batches[index]!
        const embedding = await meanEmbedding(teacher, batch)
        expect(maxDifference(embedding, expected.teacher_embed)).toBeLessThanOrEqual(EMBEDDING)
        const result = await student.step({
          microBatches: [batch],
          learningRate: 1e-4,
          dropout: 0,
          seed: 0,
          noise: [noise[index]!],
          distillation: { alpha: 0.5, teacherEmbeddings: [embedding] },
        })
        for (const [actual, wanted] of [
          [result.crossEntropy, expected.ce],
          [result.sigreg, expected.sigreg],
          [result.embeddingError!, expected.mse],
          [result.loss, expected.loss],
        ] as const)
          expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(LOSS)
        expect(Math.abs(result.gradientNorm / expected.grad_norm - 1)).toBeLessThanOrEqual(GRADIENT)
        if (index > 0) continue
        const golden = await GoldenTensors.load(`distill/${folder}/grads.step0.safetensors`)
        for (const name of golden.names) {
          // After the first step m = (1 - beta1) * gradient.
          const gradient = (await student.readMoments(name)).m.map((value) => value / (1 - 0.9))
          expect(relativeDifference(gradient, golden.f32(name)), name).toBeLessThanOrEqual(GRADIENT)
        }
      }
      for (const engine of [student, teacher]) engine.dispose()
    },
  )

  it('of predictions too, by two micro-batches, follows the oracle', async () => {
    const { config } = goldenModels['v1-small']
    const { batches, noise } = await goldenTraining('v1-small')
    const microBatches = batches.slice(0, 2)
    await openTfjsDevice(gpu)
    const teacher = createFusedEngine(config, gpu)
    await loadGoldenWeights(teacher, 'distill/v1-small/teacher.safetensors')
    const oracleTeacher = createReferenceEngine(config)
    await loadGoldenWeights(oracleTeacher, 'distill/v1-small/teacher.safetensors')
    const targets = []
    for (const batch of microBatches) {
      const logits = await teacher.logits(batch)
      expect(maxDifference(logits, await oracleTeacher.logits!(batch))).toBeLessThanOrEqual(EMBEDDING)
      targets.push({
        embedding: await meanEmbedding(teacher, batch),
        probabilities: softened(logits, config.vocab, TEMPERATURE),
      })
    }
    const request = {
      microBatches,
      learningRate: 1e-3,
      dropout: 0,
      seed: 0,
      noise: noise.slice(0, 2),
      distillation: {
        alpha: 0.3,
        teacherEmbeddings: targets.map(({ embedding }) => embedding),
        logits: {
          weight: 0.7,
          temperature: TEMPERATURE,
          teacherProbabilities: targets.map(({ probabilities }) => probabilities),
        },
      },
    }
    const results = []
    for (const student of [createFusedEngine(config, gpu), createReferenceEngine(config)]) {
      await loadGoldenWeights(student, 'v1-small/weights.init.safetensors')
      results.push([await student.step(request), await student.step(request)])
      student.dispose()
    }
    const [fused, oracle] = results as [StepResult[], StepResult[]]
    for (const [step, expected] of oracle.entries()) {
      for (const name of ['loss', 'crossEntropy', 'sigreg', 'embeddingError', 'logitDivergence'] as const) {
        expect(Math.abs(fused[step]![name]! - expected[name]!), name).toBeLessThanOrEqual(LOSS)
      }
      expect(Math.abs(fused[step]!.gradientNorm / expected.gradientNorm - 1)).toBeLessThanOrEqual(GRADIENT)
    }
    expect(oracle[1]!.logitDivergence).toBeLessThan(oracle[0]!.logitDivergence!)
    for (const engine of [teacher, oracleTeacher]) engine.dispose()
  })
})
