import type { ForwardEngine, TokenBatch } from '../../engine/engine.ts'
import { StudioError } from '../../lib/studio-error.ts'

/** A model that is learned from; its engine is only asked, never trained. */
export interface Teacher {
  readonly engine: ForwardEngine
  /** Relative to the other teachers; above 0. */
  readonly weight: number
}

/** What several teachers together make of one micro-batch. */
export interface TeacherTargets {
  /** Weighted mean of their embeddings, [dim]. */
  readonly embedding: Float32Array
  /**
   * Weighted mean square distance of the embeddings from that mean. The error against each teacher, weighted, is the
   * error against the mean plus this, so pulling toward the mean has the same gradient.
   */
  readonly spread: number
  /** Weighted mean of softmax(logits / temperature), [rows * sequence, vocab]; absent without a temperature. */
  readonly probabilities?: Float32Array
}

/** Forward passes of all teachers on the student's own batch: no dropout, no gradient, the same positions. */
export async function teacherTargets(
  teachers: readonly Teacher[],
  batch: TokenBatch,
  temperature?: number,
): Promise<TeacherTargets> {
  const shares = shareOf(teachers)
  const { dim } = teachers[0]!.engine.config
  const mean = new Float64Array(dim)
  const embeddings: Float32Array[] = []
  let probabilities: Float32Array | undefined
  for (const [index, { engine }] of teachers.entries()) {
    const embedding = batchMean((await engine.evaluate(batch)).rowMeans, batch.rows, dim)
    embeddings.push(embedding)
    for (let unit = 0; unit < dim; unit += 1) mean[unit]! += shares[index]! * embedding[unit]!
    if (temperature === undefined) continue
    const soft = softened(await logitsOf(engine, batch), engine.config.vocab, temperature)
    if (teachers.length === 1) probabilities = soft
    else probabilities = addScaled(probabilities, soft, shares[index]!)
  }
  let spread = 0
  for (const [index, embedding] of embeddings.entries()) {
    let square = 0
    for (let unit = 0; unit < dim; unit += 1) square += (embedding[unit]! - mean[unit]!) ** 2
    spread += (shares[index]! * square) / dim
  }
  return {
    embedding: embeddings.length === 1 ? embeddings[0]! : Float32Array.from(mean),
    spread,
    ...(probabilities ? { probabilities } : {}),
  }
}

/** Mean of the rows' means: over sequence, then over the batch. */
function batchMean(rowMeans: Float32Array, rows: number, dim: number): Float32Array {
  return Float32Array.from({ length: dim }, (_, unit) => {
    let sum = 0
    for (let row = 0; row < rows; row += 1) sum += rowMeans[row * dim + unit]!
    return sum / rows
  })
}

function shareOf(teachers: readonly Teacher[]): number[] {
  const total = teachers.reduce((sum, { weight }) => sum + weight, 0)
  const sound = teachers.length > 0 && teachers.every(({ weight }) => weight > 0 && Number.isFinite(weight))
  if (!sound) {
    throw new StudioError('bad-input', 'A teacher has no weight.', {
      hint: 'Choose at least one teacher, each with a weight above 0.',
    })
  }
  return teachers.map(({ weight }) => weight / total)
}

async function logitsOf(engine: ForwardEngine, batch: TokenBatch): Promise<Float32Array> {
  if (engine.logits) return engine.logits(batch)
  throw new StudioError('unsupported', 'This engine does not give out predictions to learn from.', {
    hint: 'Distil the embedding alone.',
  })
}

/** softmax(logits / temperature) of each row, in f64 until the end. */
function softened(logits: Float32Array, vocab: number, temperature: number): Float32Array {
  const result = new Float32Array(logits.length)
  for (let from = 0; from < logits.length; from += vocab) {
    let highest = Number.NEGATIVE_INFINITY
    for (let token = 0; token < vocab; token += 1) highest = Math.max(highest, logits[from + token]!)
    let total = 0
    for (let token = 0; token < vocab; token += 1)
      total += Math.exp((logits[from + token]! - highest) / temperature)
    for (let token = 0; token < vocab; token += 1)
      result[from + token] = Math.exp((logits[from + token]! - highest) / temperature) / total
  }
  return result
}

function addScaled(sums: Float32Array | undefined, values: Float32Array, share: number): Float32Array {
  if (!sums) return values.map((value) => share * value)
  for (let index = 0; index < sums.length; index += 1) sums[index]! += share * values[index]!
  return sums
}
