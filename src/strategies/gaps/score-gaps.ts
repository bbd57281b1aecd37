import type { ForwardEngine } from '../../engine/engine.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type ScoreOptions, scoreData } from '../score-data.ts'
import type { GapScores } from './gap-scores.ts'

/** A model to be compared. */
export interface GapModel {
  readonly id: string
  readonly label: string
  /** BLAKE2b-256 of its weights file, hex: the same weights are never scored twice. */
  readonly weightsDigest: string
}

/** Data of a filled target. */
export interface GapData {
  readonly targetId: string
  /** BLAKE2b-256 of the bytes, hex. */
  readonly digest: string
  readonly bytes: number
  read(signal?: AbortSignal): Promise<Uint8Array>
}

export interface ScoreGapsOptions {
  readonly scores: GapScores
  /** Runs `job` with an engine that holds the model's weights. */
  readonly withModel: (model: GapModel, job: (engine: ForwardEngine) => Promise<void>) => Promise<void>
  readonly signal?: AbortSignal
  /** The network's chunks and batches unless told. */
  readonly contract?: Pick<ScoreOptions, 'sequence' | 'batchRows'>
  /** Milliseconds of a clock; that of the process unless told. */
  readonly now?: () => number
  /** Told after each score, those known before included. */
  readonly onProgress?: (done: number, total: number) => void
}

/** What could not be scored, and why, as a sentence. */
export interface GapFailure {
  readonly modelId: string
  readonly targetId: string | null
  readonly reason: string
}

/** Scores computed between two writes, and milliseconds: a killed tab loses no more. */
const FLUSH_EVERY = 16
const FLUSH_MS = 5000

/**
 * Scores every model on every target's data with the network's contract (seed 0), model by model, so that weights are
 * loaded once. Scores are kept as they are made: after 'cancelled' the same call goes on where it stood. A model or a
 * submission that cannot be read is left out and named.
 */
export async function scoreGaps(
  models: readonly GapModel[],
  data: readonly GapData[],
  options: ScoreGapsOptions,
): Promise<readonly GapFailure[]> {
  const { scores, signal, contract = {}, now = () => performance.now() } = options
  const cancel = signal ? { signal } : {}
  const total = models.length * data.length
  const failures: GapFailure[] = []
  let done = 0
  let unwritten = 0
  let written = now()
  const advance = (count: number) => {
    done += count
    options.onProgress?.(done, total)
  }
  try {
    for (const model of models) {
      const missing = data.filter(({ digest }) => !scores.get(model.weightsDigest, digest))
      advance(data.length - missing.length)
      if (missing.length === 0) continue
      let scored = 0
      const job = async (engine: ForwardEngine) => {
        for (const one of missing) {
          throwIfAborted(signal)
          // A submission may be there twice under different targets.
          if (!scores.get(model.weightsDigest, one.digest)) {
            try {
              const bytes = await one.read(signal)
              const { loss, crossEntropyPerByte } = await scoreData(engine, bytes, {
                ...contract,
                ...cancel,
                seed: 0,
              })
              scores.put(model.weightsDigest, one.digest, { loss, crossEntropyPerByte })
            } catch (error) {
              failures.push({ modelId: model.id, targetId: one.targetId, reason: reasonOf(error) })
            }
            unwritten += 1
            if (unwritten >= FLUSH_EVERY || now() - written > FLUSH_MS) {
              await scores.flush()
              ;[unwritten, written] = [0, now()]
            }
          }
          scored += 1
          advance(1)
        }
      }
      try {
        await options.withModel(model, job)
      } catch (error) {
        failures.push({ modelId: model.id, targetId: null, reason: reasonOf(error) })
        advance(missing.length - scored)
      }
    }
  } finally {
    await scores.flush()
  }
  return failures
}

/** The sentence of an error that concerns one item; one that ends everything is thrown again. */
function reasonOf(error: unknown): string {
  const known = StudioError.from(error)
  if (known.code === 'cancelled' || known.code === 'device-lost' || known.code === 'storage') throw known
  return known.message
}
