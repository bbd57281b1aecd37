import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../../test/golden-models.ts'
import { GoldenTensors, goldenJson, maxDifference, relativeDifference } from '../../../test/golden-tensors.ts'
import { type GpuDevice, openDevice } from '../../gpu/open-device.ts'
import type { TokenBatch } from '../engine.ts'
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
})
