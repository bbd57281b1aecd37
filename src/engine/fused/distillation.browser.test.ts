import { beforeAll, describe, expect, it } from 'vitest'
import { followGoldenDistillation, meanEmbedding, softened } from '../../../test/golden-distillation.ts'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../../test/golden-models.ts'
import { maxDifference } from '../../../test/golden-tensors.ts'
import { expectGoldenWeights } from '../../../test/golden-weights.ts'
import type { GpuDevice } from '../../gpu/open-device.ts'
import { createReferenceEngine } from '../create-reference-engine.ts'
import type { StepResult } from '../engine.ts'
import { openTestDevice } from '../ops/test-device.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const TOLERANCES = { loss: 2e-5, gradient: 1e-4, embedding: 5e-5 }

let gpu: GpuDevice
beforeAll(async () => {
  gpu = (await openTestDevice()).gpu
})

const TEMPERATURE = 2

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
      const student = createFusedEngine(config, gpu, { memoryPlan, kernels })
      const teacher = createFusedEngine(config, gpu, { kernels })
      await followGoldenDistillation(student, teacher, folder, count, TOLERANCES)
      if (count === 10) {
        await expectGoldenWeights(student, 'distill/v1-small/weights.step10.safetensors', 1e-4, count)
      }
      for (const engine of [student, teacher]) engine.dispose()
    },
  )

  it('of predictions too, by two micro-batches, follows the oracle', async () => {
    const { config } = goldenModels['v1-small']
    const { batches, noise } = await goldenTraining('v1-small')
    const microBatches = batches.slice(0, 2)
    const teacher = createFusedEngine(config, gpu)
    await loadGoldenWeights(teacher, 'distill/v1-small/teacher.safetensors')
    const oracleTeacher = createReferenceEngine(config)
    await loadGoldenWeights(oracleTeacher, 'distill/v1-small/teacher.safetensors')
    const targets = []
    for (const batch of microBatches) {
      const logits = await teacher.logits(batch)
      expect(maxDifference(logits, await oracleTeacher.logits!(batch))).toBeLessThanOrEqual(
        TOLERANCES.embedding,
      )
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
        expect(Math.abs(fused[step]![name]! - expected[name]!), name).toBeLessThanOrEqual(TOLERANCES.loss)
      }
      expect(Math.abs(fused[step]!.gradientNorm / expected.gradientNorm - 1)).toBeLessThanOrEqual(
        TOLERANCES.gradient,
      )
    }
    expect(oracle[1]!.logitDivergence).toBeLessThan(oracle[0]!.logitDivergence!)
    for (const engine of [teacher, oracleTeacher]) engine.dispose()
  })
})
