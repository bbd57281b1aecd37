import { describe, expect, it } from 'vitest'
import { goldenModels } from '../../../test/golden-models.ts'
import { maxDifference } from '../../../test/golden-tensors.ts'
import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import type { Engine, TokenBatch } from '../../engine/engine.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { distillingEngine } from './distilling-engine.ts'
import { teacherTargets } from './teacher-targets.ts'

const config = goldenModels['tiny-42'].config
const tokens = Int32Array.from({ length: 16 }, (_, index) => (7 * index) % 256)
const targets = tokens.map((_, index) => (index % 8 === 7 ? 256 : tokens[index + 1]!))
const batch: TokenBatch = { tokens, targets, rows: 2, sequence: 8 }
const request = { microBatches: [batch], learningRate: 3e-2, dropout: 0, seed: 5 }

async function model(seed: number): Promise<Engine> {
  const engine = createReferenceEngine(config)
  await engine.initialise(seed)
  return engine
}

const embeddingOf = async (engine: Engine) => (await teacherTargets([{ engine, weight: 1 }], batch)).embedding

describe('distillingEngine', () => {
  it('comes closer to its teacher than training alone, and leaves the teacher alone', {
    timeout: 30_000,
  }, async () => {
    const teacher = await model(2)
    const wanted = await embeddingOf(teacher)
    const before = await teacher.readTensor('predictor.weight')
    const alone = await model(1)
    const taught = distillingEngine(await model(1), [{ engine: teacher, weight: 3 }], { alpha: 0.5 })
    // Two asked for at once reach the student in order.
    for (let step = 0; step < 6; step += 2) {
      const [first, second] = await Promise.all([taught.step(request), taught.step(request)])
      expect([first.step, second.step]).toEqual([step + 1, step + 2])
      await alone.step(request)
      await alone.step(request)
    }
    const distance = async (engine: Engine) => maxDifference(await embeddingOf(engine), wanted)
    expect(await distance(taught)).toBeLessThan(0.7 * (await distance(alone)))
    expect(await teacher.readTensor('predictor.weight')).toEqual(before)
    taught.dispose()
    alone.dispose()
  })

  it('has for two teachers the weighted sum of both errors, and their gradient', async () => {
    const [one, other] = [await model(2), await model(3)]
    const errors: { embeddingError: number; moments: number[] }[] = []
    for (const engine of [one, other]) {
      const student = distillingEngine(await model(1), [{ engine, weight: 1 }], { alpha: 0 })
      const { embeddingError } = await student.step(request)
      errors.push({ embeddingError: embeddingError!, moments: await momentsOf(student) })
    }
    const both = distillingEngine(
      await model(1),
      [
        { engine: one, weight: 1 },
        { engine: other, weight: 3 },
      ],
      { alpha: 0, logits: { weight: 0, temperature: 1 } },
    )
    const result = await both.step(request)
    const expected = 0.25 * errors[0]!.embeddingError + 0.75 * errors[1]!.embeddingError
    expect(result.embeddingError).toBeCloseTo(expected, 5)
    expect(result.loss).toBeCloseTo(expected, 5)
    const mixed = errors[0]!.moments.map((m, index) => 0.25 * m + 0.75 * errors[1]!.moments[index]!)
    expect(maxDifference(await momentsOf(both), mixed)).toBeLessThan(1e-6)
  })

  it('refuses a teacher of another width, or none', async () => {
    const student = await model(1)
    const wide = createReferenceEngine(goldenModels['v1-small'].config)
    expect(() => distillingEngine(student, [{ engine: wide, weight: 1 }], { alpha: 0.5 })).toThrow(
      /have 16 values/,
    )
    await expect(distillingEngine(student, [], { alpha: 0.5 }).step(request)).rejects.toThrow(/no weight/)
  })
})

async function momentsOf(engine: Engine): Promise<number[]> {
  const moments = []
  for (const { name } of parameterTable(config)) moments.push(...(await engine.readMoments(name)).m)
  return moments
}
