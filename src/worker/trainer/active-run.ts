import { normalArray } from '../../arrgen/normal-array.ts'
import type { Corpus } from '../../data/corpus.ts'
import { createLoader, type LoaderCursor, validationBatches } from '../../data/loader.ts'
import type { Engine, TokenBatch } from '../../engine/engine.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { SIGREG_SLICES } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { createRunControl, type RunControl } from '../../train/run-control.ts'
import { type StepMetrics, trainLoop } from '../../train/train-loop.ts'
import type { Validation } from '../../train/validate.ts'
import { saveCheckpoint } from '../../weights/save-checkpoint.ts'
import type { Vault } from '../../weights/vault.ts'
import type { CheckpointRef, KeepCheckpoints, RunProvenance, RunRecord, TrainerEvent } from '../protocol.ts'
import { type CheckpointExtra, saveMetrics } from './checkpoint-extra.ts'
import { KEPT_UNASKED_BYTES, keepWeights } from './kept-checkpoints.ts'
import { createLane, type Lane } from './lane.ts'
import { memoryEvent } from './memory-event.ts'
import { createMetricBatcher } from './metric-batcher.ts'
import { saveRecord } from './run-files.ts'
import { kernelsOf } from './run-kernels.ts'

/** A run whose weights are in an engine: training, standing still, or finished. */
export interface ActiveRun {
  readonly record: RunRecord
  readonly engine: Engine
  readonly control: RunControl
  readonly corpus: Corpus
  /** Trains to the end of the recipe or to a stop; rejects where training failed. */
  train(): Promise<void>
  save(): Promise<CheckpointRef>
  /** Adds to the record, from the next checkpoint on too. */
  annotate(provenance: RunProvenance): Promise<void>
  sample(prompt: Uint8Array, length: number, temperature: number): Promise<Uint8Array>
  /** Runs a job with the engine between two steps. */
  exclusive<T>(job: () => Promise<T>): Promise<T>
}

export interface ActiveRunParts {
  readonly vault: Vault
  readonly engine: Engine
  readonly corpus: Corpus
  readonly record: RunRecord
  readonly emit: (event: TrainerEvent) => void
  /** Keeps the weights of each checkpoint when later ones come; small models do so in any case. */
  readonly keep?: KeepCheckpoints | undefined
  /** What a resumed run already has. */
  readonly before?: {
    readonly cursor: LoaderCursor
    readonly validation: CheckpointExtra['validation']
    readonly metrics: readonly StepMetrics[]
  }
}

/** Milliseconds of training that a killed tab may cost, and what saving may cost of the time of a run. */
const AT_STAKE_MS = 60_000
const AT_STAKE_PAUSED_MS = 2_000
const SAVING_SHARE = 0.05

const SAMPLE_BYTES = 160
const SAMPLE_TEMPERATURE = 0.8
const defaultPrompt = new TextEncoder().encode('The ')

export function createActiveRun(parts: ActiveRunParts): ActiveRun {
  const { vault, engine, corpus, emit, before } = parts
  const { recipe, id: runId } = parts.record
  const table = parameterTable(engine.config)
  const lane: Lane = createLane()
  const loaderAt = (cursor?: LoaderCursor) =>
    createLoader(corpus, { ...recipe, ...(cursor ? { cursor } : {}) })
  let loader = loaderAt(before?.cursor)
  let pending: Promise<unknown> = Promise.resolve()
  const rows: StepMetrics[] = [...(before?.metrics ?? [])]
  const validation: ({ step: number } & Validation)[] = [...(before?.validation ?? [])]
  let record = parts.record
  let prompt: Uint8Array = defaultPrompt
  /** When the run last stood in a checkpoint, and what saving it took. */
  let savedAt = performance.now()
  let savingMs = 0
  let savedStep = engine.stepCount
  /** A plan that keeps the weights of its checkpoints counts on their steps. */
  const isDue = (atStake: number) =>
    parts.keep === undefined &&
    performance.now() - savedAt > Math.max(atStake, savingMs / SAVING_SHARE) &&
    engine.stepCount !== savedStep
  let memoryTold = 0
  /** Buffers come with the first step, validation and sample that need them. */
  function tellMemory(): void {
    const event = memoryEvent(engine)
    if (event.bytes === memoryTold) return
    memoryTold = event.bytes
    emit(event)
  }
  const batcher = createMetricBatcher(
    (columns) => {
      emit({ kind: 'metrics', runId, columns })
      tellMemory()
    },
    () => performance.now(),
  )

  let standing = false
  const control = createRunControl((waiting) => {
    standing = waiting
    if (!waiting) return emit({ kind: 'phase', phase: 'running', runId })
    // A step that was asked for ahead may still report. Nothing pushes after it, so what is batched goes out then.
    void pending
      .catch(() => undefined)
      .then(() => {
        batcher.flush()
        if (!standing) return
        emit({ kind: 'phase', phase: 'paused', runId })
        // Who pauses may close the page next.
        if (isDue(AT_STAKE_PAUSED_MS)) {
          lane
            .run(() => checkpoint(false))
            .catch((error) => emit({ kind: 'note', text: StudioError.from(error).message }))
        }
      })
  })

  /** `keeps` its weights beside the two slots too, where this run does that. */
  async function checkpoint(keeps: boolean): Promise<CheckpointRef> {
    // The curve that is saved ends where the weights stand.
    await pending.catch(() => undefined)
    batcher.flush()
    const began = performance.now()
    const step = engine.stepCount
    const extra: CheckpointExtra = { cursor: loader.cursor, validation, kernels: kernelsOf(record) }
    const facts = { runId, config: engine.config.name, step, savedAt: Date.now(), extra }
    const manifest = await saveCheckpoint(vault, facts, table, engine)
    await saveMetrics(vault, runId, rows)
    const ref: CheckpointRef = {
      runId,
      step,
      savedAt: facts.savedAt,
      weightsDigest: manifest.weights.digest,
      validationLoss: validation.at(-1)?.loss ?? null,
    }
    const keptHere = parts.keep !== undefined || manifest.weights.size <= KEPT_UNASKED_BYTES
    const kept =
      keeps && keptHere
        ? await keepWeights(vault, record.kept ?? [], ref, manifest.weights, parts.keep?.protect)
        : record.kept
    record = {
      ...record,
      ...(kept ? { kept } : {}),
      checkpoint: ref,
      stepsDone: step,
      lossFirst: validation[0]?.loss ?? null,
      lossLast: validation.at(-1)?.loss ?? null,
    }
    await saveRecord(vault, record)
    savedAt = performance.now()
    savingMs = savedAt - began
    savedStep = step
    const bytes = manifest.weights.size + manifest.m.size + manifest.v.size
    emit({ kind: 'checkpoint', checkpoint: ref, bytes })
    tellMemory()
    return ref
  }

  async function emitSample(length: number, temperature: number): Promise<Uint8Array> {
    const step = engine.stepCount
    const text = await engine.sample(prompt, { length, temperature, seed: recipe.seed })
    emit({ kind: 'sample', runId, step, prompt, text })
    return text
  }

  return {
    get record() {
      return record
    },
    engine,
    control,
    corpus,
    async train() {
      const batches = await validationBatches(corpus, {
        sequence: recipe.sequence,
        microBatch: recipe.microBatch,
        limit: recipe.validationWindows,
      })
      let leave = await lane.enter()
      try {
        await trainLoop({
          engine,
          recipe,
          // The lane is free while the loop stands at the gate: saves and samples run between two steps.
          control: {
            ...control,
            async gate() {
              leave()
              const answer = await control.gate()
              leave = await lane.enter()
              return control.stopped ? 'stop' : answer
            },
          },
          now: () => performance.now() / 1000,
          async nextBatches(count) {
            const start = loader.cursor
            const microBatches: TokenBatch[] = []
            for (let i = 0; i < count; i++) microBatches.push(await loader.next())
            const rewind = () => {
              loader = loaderAt(start)
            }
            return { microBatches, rewind }
          },
          onPending(reported) {
            pending = reported
          },
          validationBatches: batches,
          validationNoise: normalArray(0n, engine.config.dim * SIGREG_SLICES),
          onStep(metrics) {
            rows.push(metrics)
            batcher.push(metrics)
          },
          onValidation(step, result) {
            batcher.flush()
            validation.push({ step, ...result })
            emit({ kind: 'validation', runId, step, ...result })
          },
          async sample() {
            await emitSample(SAMPLE_BYTES, SAMPLE_TEMPERATURE)
          },
          async checkpoint(_step, planned) {
            await checkpoint(planned)
          },
          isDue: () => isDue(AT_STAKE_MS),
        })
      } finally {
        batcher.flush()
        leave()
      }
    },
    save: () => lane.run(() => checkpoint(true)),
    async annotate(provenance) {
      record = { ...record, provenance: { ...record.provenance, ...provenance } }
      await saveRecord(vault, record)
    },
    sample(text, length, temperature) {
      if (text.length > 0) prompt = text
      return lane.run(() => emitSample(length, temperature))
    },
    exclusive: (job) => lane.run(job),
  }
}
