import type { ForwardEngine, TokenBatch } from '../../engine/engine.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { PAD } from '../../tokenizer/encode-window.ts'
import { cosineDistance } from '../cosine-distance.ts'
import { teacherTargets } from './teacher-targets.ts'

/** What a model makes of data. */
export interface Outlook {
  /** Mean of the final hidden states over all positions of all windows, [dim]. */
  readonly embedding: Float64Array
  /** Of each batch, [rows * sequence, vocab]; null where the engine gives none out. */
  readonly probabilities: readonly Float32Array[] | null
}

/** How far a model is from another on the same data. */
export interface Distance {
  /** 1 - cosine of the embeddings. */
  readonly embedding: number
  /** KL(other || model), nats, mean over targets that are not PAD; null where an engine gives out no predictions. */
  readonly predictions: number | null
}

export interface TeacherDistances {
  /** In the order of the teachers. */
  readonly teachers: readonly Distance[]
  /** To the weighted mean of what all teachers make of the data, which is where several teachers pull. */
  readonly mean: Distance
}

/** Forward passes without dropout. `batches` are the same for all models that are compared. */
export async function outlookOf(
  engine: ForwardEngine,
  batches: readonly TokenBatch[],
  signal?: AbortSignal,
): Promise<Outlook> {
  const embedding = new Float64Array(engine.config.dim)
  const probabilities: Float32Array[] = []
  const windows = batches.reduce((sum, { rows }) => sum + rows, 0)
  for (const batch of batches) {
    throwIfAborted(signal)
    const found = await teacherTargets([{ engine, weight: 1 }], batch, engine.logits ? 1 : undefined)
    for (const [unit, value] of found.embedding.entries()) embedding[unit]! += (batch.rows / windows) * value
    if (found.probabilities) probabilities.push(found.probabilities)
  }
  return { embedding, probabilities: engine.logits ? probabilities : null }
}

/** Distances of a model to its teachers, which have weights above 0. */
export function teacherDistances(
  student: Outlook,
  teachers: readonly (Outlook & { readonly weight: number })[],
  batches: readonly TokenBatch[],
): TeacherDistances {
  const to = (other: Outlook): Distance => ({
    embedding: cosineDistance(student.embedding, other.embedding),
    predictions:
      student.probabilities && other.probabilities
        ? divergence(other.probabilities, student.probabilities, batches)
        : null,
  })
  return { teachers: teachers.map(to), mean: to(meanOutlook(teachers)) }
}

function meanOutlook(teachers: readonly (Outlook & { readonly weight: number })[]): Outlook {
  const total = teachers.reduce((sum, { weight }) => sum + weight, 0)
  const mixed = (length: number, pick: (outlook: Outlook, index: number) => number) =>
    Float64Array.from({ length }, (_, index) =>
      teachers.reduce((sum, one) => sum + (one.weight / total) * pick(one, index), 0),
    )
  const [first] = teachers
  const given = teachers.every(({ probabilities }) => probabilities)
  return {
    embedding: mixed(first!.embedding.length, ({ embedding }, unit) => embedding[unit]!),
    probabilities: given
      ? first!.probabilities!.map((batch, at) =>
          Float32Array.from(mixed(batch.length, ({ probabilities }, index) => probabilities![at]![index]!)),
        )
      : null,
  }
}

function divergence(
  wanted: readonly Float32Array[],
  given: readonly Float32Array[],
  batches: readonly TokenBatch[],
): number {
  let [sum, counted] = [0, 0]
  for (const [at, { targets }] of batches.entries()) {
    const [p, q] = [wanted[at]!, given[at]!]
    const vocab = p.length / targets.length
    for (const [position, target] of targets.entries()) {
      if (target === PAD) continue
      counted += 1
      for (let index = position * vocab; index < (position + 1) * vocab; index += 1) {
        // What f32 has rounded to 0 adds nothing where it is wanted, and stays finite where it is given.
        if (p[index]! > 0) sum += p[index]! * Math.log(p[index]! / Math.max(q[index]!, LEAST))
      }
    }
  }
  return sum / counted
}

/** The smallest normal f32. */
const LEAST = 2 ** -126
