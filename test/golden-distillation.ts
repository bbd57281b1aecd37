import { expect } from 'vitest'
import type { Engine, ForwardEngine, TokenBatch } from '../src/engine/engine.ts'
import { goldenTraining, loadGoldenWeights } from './golden-models.ts'
import { GoldenTensors, goldenJson, maxDifference, relativeDifference } from './golden-tensors.ts'

interface Golden {
  readonly steps: readonly {
    readonly ce: number
    readonly sigreg: number
    readonly mse: number
    readonly loss: number
    readonly grad_norm: number
    readonly teacher_embed: readonly number[]
    readonly student_embed: readonly number[]
  }[]
}

/** Largest differences that the device's arithmetic explains: golden README, "Tolerances". */
export interface DistillationTolerances {
  readonly loss: number
  readonly gradient: number
  readonly embedding: number
}

/**
 * Plays `count` Adam steps of golden/distill with both engines, at alpha 0.5, and compares embeddings, components, gradient
 * norms and the first step's gradients. `afterFirst` runs once the first step is done.
 */
export async function followGoldenDistillation(
  student: Engine,
  teacher: Engine,
  folder: 'v1-small' | 'v1-mid',
  count: number,
  { loss, gradient, embedding }: DistillationTolerances,
  afterFirst: () => void = () => undefined,
): Promise<void> {
  const { batches, noise } = await goldenTraining(folder)
  const { steps } = await goldenJson<Golden>(`distill/${folder}/distill.json`)
  await loadGoldenWeights(student, `${folder}/weights.init.safetensors`)
  await loadGoldenWeights(teacher, `distill/${folder}/teacher.safetensors`)
  for (const [index, expected] of steps.slice(0, count).entries()) {
    const batch = batches[index]!
    const theirs = await meanEmbedding(teacher, batch)
    expect(maxDifference(theirs, expected.teacher_embed)).toBeLessThanOrEqual(embedding)
    const own = await meanEmbedding(student, batch)
    expect(maxDifference(own, expected.student_embed)).toBeLessThanOrEqual(embedding)
    const result = await student.step({
      microBatches: [batch],
      learningRate: 1e-4,
      dropout: 0,
      seed: 0,
      noise: [noise[index]!],
      distillation: { alpha: 0.5, teacherEmbeddings: [theirs] },
    })
    for (const [actual, wanted] of [
      [result.crossEntropy, expected.ce],
      [result.sigreg, expected.sigreg],
      [result.embeddingError!, expected.mse],
      [result.loss, expected.loss],
    ] as const)
      expect(Math.abs(actual - wanted)).toBeLessThanOrEqual(loss)
    expect(Math.abs(result.gradientNorm / expected.grad_norm - 1)).toBeLessThanOrEqual(gradient)
    if (index > 0) continue
    afterFirst()
    const golden = await GoldenTensors.load(`distill/${folder}/grads.step0.safetensors`)
    for (const name of golden.names) {
      // After the first step m = (1 - beta1) * gradient.
      const first = (await student.readMoments(name)).m.map((value) => value / (1 - 0.9))
      expect(relativeDifference(first, golden.f32(name)), name).toBeLessThanOrEqual(gradient)
    }
  }
}

/** Mean of the final hidden states over all positions of all rows, [dim]. */
export async function meanEmbedding(engine: ForwardEngine, batch: TokenBatch): Promise<Float32Array> {
  const { rowMeans } = await engine.evaluate(batch)
  const { dim } = engine.config
  return Float32Array.from({ length: dim }, (_, unit) => {
    let sum = 0
    for (let row = 0; row < batch.rows; row += 1) sum += rowMeans[row * dim + unit]!
    return sum / batch.rows
  })
}

/** softmax(logits / temperature) of each row of `vocab` values. */
export function softened(logits: Float32Array, vocab: number, temperature: number): Float32Array {
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
