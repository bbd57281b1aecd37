import type { DeviceBenchmark } from '../../benchmark/benchmark-device.ts'
import { blobSource } from '../../data/blob-source.ts'
import type { Corpus, CorpusInput } from '../../data/corpus.ts'
import { digestSource } from '../../data/digest-source.ts'
import { openCorpus } from '../../data/open-corpus.ts'
import type { Engine } from '../../engine/engine.ts'
import type { KernelSet } from '../../engine/fused/kernel-set.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { canMove, isBusy, type Phase } from '../../train/phase.ts'
import { checkRecipe, type Recipe } from '../../train/recipe.ts'
import { loadCheckpoint } from '../../weights/load-checkpoint.ts'
import type { Vault } from '../../weights/vault.ts'
import { describeKernels } from '../describe-kernels.ts'
import type {
  Measuring,
  Replies,
  RunRecord,
  TrainerCall,
  TrainerCallKind,
  TrainerEvent,
  TuneReport,
} from '../protocol.ts'
import { type ActiveRun, createActiveRun } from './active-run.ts'
import { checkSplit } from './check-split.ts'
import { loadMetrics, readExtra } from './checkpoint-extra.ts'
import { embedRun } from './embed-run.ts'
import { withStartKept } from './kept-checkpoints.ts'
import { restoreCheckpoint } from './load-run.ts'
import { memoryEvent } from './memory-event.ts'
import { toColumns } from './metric-batcher.ts'
import type { EngineHost } from './open-engine.ts'
import { openStart } from './open-start.ts'
import { packageRun } from './package-run.ts'
import {
  corpusInputs,
  deleteRun,
  listRecords,
  newRecord,
  readRecord,
  recordProvenance,
  runItems,
  saveRecord,
  storeCorpus,
  weightedCorpus,
} from './run-files.ts'
import { recordStrategy, runHistory } from './run-history.ts'
import { openTunedStore, resumeKernels } from './run-kernels.ts'
import { createStrategies, needsEngine } from './strategies/handle-strategy.ts'
import { storeTeachers, withTeachers } from './strategies/open-teachers.ts'

export interface Session {
  handle(call: TrainerCall): Promise<Replies[TrainerCallKind]>
}

type Start = Extract<TrainerCall, { kind: 'start' }>
type Resume = Extract<TrainerCall, { kind: 'resumeRun' }>
type Tune = Extract<TrainerCall, { kind: 'tune' }>

/** The trainer's state: at most one run with an engine, and one cancellable job beside it. */
export function createSession(vault: Vault, host: EngineHost, emit: (event: TrainerEvent) => void): Session {
  let phase: Phase = 'idle'
  let active: ActiveRun | undefined
  const jobs = {
    run: new AbortController(),
    publish: new AbortController(),
    inspect: new AbortController(),
    tune: new AbortController(),
    benchmark: new AbortController(),
    selfCheck: new AbortController(),
  }
  /** Embeddings and packages under way; they use a run's engine and checkpoints. */
  let publishing = 0
  /** Whoever measures has the device to himself. */
  let measuring = false

  const send = (event: TrainerEvent) => {
    if (event.kind === 'phase') {
      if (event.phase === phase || !canMove(phase, event.phase)) return
      phase = event.phase
    }
    emit(event)
  }

  const strategies = createStrategies(vault, host, emit)

  const note = (text: string) => emit({ kind: 'note', text })

  const progress = (label: string, unit: 'bytes' | 'windows' | 'steps') => (done: number, total: number) =>
    emit({ kind: 'progress', label, done, total, unit })

  /** Ends the job of this name that is under way and begins the next. */
  function begun(name: keyof typeof jobs): AbortSignal {
    jobs[name].abort()
    jobs[name] = new AbortController()
    return jobs[name].signal
  }

  async function publishJob<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    refuseWhileMeasuring()
    publishing++
    try {
      return await work(begun('publish'))
    } finally {
      publishing--
    }
  }

  function refuseWhileBusy() {
    if (!isBusy(phase)) return
    throw new StudioError('refused', 'A run is under way.', {
      hint: 'Stop it first; its checkpoint is kept.',
    })
  }

  function refuseWhileMeasuring() {
    if (!measuring) return
    throw new StudioError('refused', 'This device is being measured.', {
      hint: 'Wait for the measurement or cancel it; kernels that were tuned so far are kept.',
    })
  }

  function refuseWhilePublishing() {
    if (publishing === 0) return
    throw new StudioError('refused', 'A model is being embedded or packaged.', {
      hint: 'Wait for it, or close it on the Publish screen, then train.',
    })
  }

  function running(): ActiveRun {
    if (active && isBusy(phase)) return active
    throw new StudioError('refused', 'No run is under way.', { hint: 'Click Train to start one.' })
  }

  function readCorpus(
    inputs: readonly CorpusInput[],
    sequence: number,
    signal: AbortSignal,
  ): Promise<Corpus> {
    return openCorpus(inputs, { sequence, signal, onProgress: progress('Reading the data', 'bytes') })
  }

  /** Prepares a run and lets it train; a failure before the first step returns to where we were. */
  async function begin(
    runId: string,
    prepare: (signal: AbortSignal) => Promise<ActiveRun>,
  ): Promise<RunRecord> {
    refuseWhileBusy()
    refuseWhilePublishing()
    strategies.refuseWhileWorking()
    refuseWhileMeasuring()
    const signal = begun('run')
    send({ kind: 'phase', phase: 'preparing', runId })
    active?.engine.dispose()
    active = undefined
    let run: ActiveRun
    try {
      run = await prepare(signal)
    } catch (error) {
      send({ kind: 'phase', phase: 'idle', runId })
      throw error
    }
    active = run
    send({ kind: 'phase', phase: 'running', runId })
    send(memoryEvent(run.engine))
    run.train().then(
      () => {
        send({ kind: 'phase', phase: 'stopping', runId })
        send({ kind: 'phase', phase: 'finished', runId })
      },
      (error) => {
        send({ kind: 'phase', phase: 'failed', runId, error: StudioError.from(error).serialise() })
      },
    )
    return run.record
  }

  /** What a new run of this recipe takes. */
  async function tunedKernels(recipe: Recipe, half: boolean | undefined): Promise<KernelSet> {
    return host.tuned((await openTunedStore(vault)).store, recipe, half)
  }

  async function start(call: Start): Promise<RunRecord> {
    checkRecipe(call.recipe)
    return begin(call.runId, async (signal) => {
      const config = modelConfigs[call.recipe.config]
      const corpus = await readCorpus(corpusInputs(call.items), call.recipe.sequence, signal)
      const { preview: _, ...summary } = corpus.summary
      const kernels = await tunedKernels(call.recipe, call.half)
      const record = newRecord(call, summary, kernels)
      let engine: Engine | undefined
      try {
        // The record comes first: it is what keeps a shared corpus from being deleted with another run.
        await saveRecord(vault, record)
        const onProgress = progress('Keeping a copy for resuming', 'bytes')
        await storeCorpus(vault, corpus, { signal, onProgress })
        engine = await host.open(config, { recipe: call.recipe, kernels, onNotice: note })
        const began = await openStart(engine, vault, call.startFrom, {
          seed: call.recipe.seed,
          signal,
          onProgress: progress('Verifying and decrypting weights', 'bytes'),
          onNote: note,
        })
        note(`Kernels: ${describeKernels(kernels)}.`)
        let started: RunRecord = { ...record, ...began }
        if (call.distillation) {
          const onTeacher = progress('Keeping the teachers', 'bytes')
          const options = { signal, onProgress: onTeacher }
          const distillation = await storeTeachers(vault, call.runId, config, call.distillation, options)
          engine = await withTeachers(vault, host, engine, distillation, signal)
          started = { ...started, distillation }
        }
        await saveRecord(vault, started)
        const run = createActiveRun({ vault, engine, corpus, record: started, emit: send, keep: call.keep })
        // A plan compares later checkpoints with where the run began, and finds the run after a reload.
        if (call.keep) await run.save()
        throwIfAborted(signal)
        return run
      } catch (error) {
        engine?.dispose()
        await deleteRun(vault, call.runId)
        throw error
      }
    })
  }

  async function resumeRun(call: Resume): Promise<RunRecord> {
    return begin(call.runId, async (signal) => {
      const saved = await readRecord(vault, call.runId)
      const { keep, steps } = call
      const recipe = { ...saved.recipe, steps, ...(keep ? { checkpointEvery: keep.every } : {}) }
      checkRecipe(recipe)
      const config = modelConfigs[recipe.config]
      const inputs = await weightedCorpus(vault, saved)
      const corpus = await readCorpus(inputs, recipe.sequence, signal)
      checkSplit(saved.corpus, corpus.summary)
      const table = parameterTable(config)
      const checkpoint = await loadCheckpoint(vault, call.runId, table, { signal })
      for (const text of checkpoint.skipped) note(text)
      const { cursor, validation, kernels } = readExtra(checkpoint.manifest.extra)
      const { step } = checkpoint.manifest
      const tuned = call.retune ? await tunedKernels(recipe, call.half) : undefined
      const resumed = resumeKernels(saved, { step, kernels }, await host.supported(), tuned)
      if (resumed.note) note(resumed.note)
      const record = await withStartKept(
        vault,
        { ...saved, recipe, kernels: resumed.history },
        checkpoint,
        keep,
      )
      let engine = await host.open(config, { recipe, kernels: resumed.set, onNotice: note })
      try {
        const { distillation } = record
        if (distillation) engine = await withTeachers(vault, host, engine, distillation, signal)
        await restoreCheckpoint(engine, checkpoint, table)
        const metrics = await loadMetrics(vault, call.runId, step)
        emit({ kind: 'metrics', runId: call.runId, columns: toColumns(metrics) })
        for (const point of validation) emit({ kind: 'validation', runId: call.runId, ...point })
        note(`Resumed from the checkpoint of step ${step}.`)
        await saveRecord(vault, record)
        const before = { cursor, validation, metrics }
        return createActiveRun({ vault, engine, corpus, record, emit: send, before, keep })
      } catch (error) {
        engine.dispose()
        throw error
      }
    })
  }

  /** Runs what has the device to itself. */
  async function measure<T>(job: Measuring, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    refuseWhileBusy()
    refuseWhilePublishing()
    refuseWhileMeasuring()
    strategies.refuseWhileWorking()
    measuring = true
    try {
      return await work(begun(job))
    } finally {
      measuring = false
    }
  }

  /** What was measured before a cancel or a failure is kept. */
  function tune({ recipe, half = false, again = false }: Tune): Promise<TuneReport> {
    checkRecipe(recipe)
    return measure('tune', async (signal) => {
      const tuned = await openTunedStore(vault)
      try {
        const onProgress = (label: string, done: number, total: number) =>
          emit({ kind: 'tune', label, done, total })
        const report = await host.tune(recipe, { store: tuned.store, half, again, signal, onProgress })
        return { recipe, ...report }
      } finally {
        await tuned.save()
      }
    })
  }

  function benchmark(): Promise<DeviceBenchmark> {
    return measure('benchmark', (signal) => {
      const onProgress = (done: number, total: number, label: string) =>
        emit({ kind: 'benchmark', label, done, total })
      const onReport = (report: DeviceBenchmark) => emit({ kind: 'benchmarkReport', report })
      return host.benchmark({ signal, onProgress, onReport })
    })
  }

  return {
    async handle(call) {
      switch (call.kind) {
        case 'probe':
          return host.probe()
        case 'selfCheck':
          return measure('selfCheck', (signal) => {
            const onProgress = (done: number, total: number, label: string) =>
              emit({ kind: 'selfCheck', label, done, total })
            return host.selfCheck({ signal, onProgress })
          })
        case 'tune':
          return tune(call)
        case 'benchmark':
          return benchmark()
        case 'memoryPlans':
          checkRecipe(call.recipe)
          return host.memoryPlans(call.recipe, await tunedKernels(call.recipe, call.half))
        case 'inspect': {
          const corpus = await readCorpus(corpusInputs(call.items), call.sequence, begun('inspect'))
          return corpus.summary
        }
        case 'start':
          return start(call)
        case 'resumeRun':
          return resumeRun(call)
        case 'recordProvenance':
          if (active?.record.id === call.runId) await active.annotate(call.provenance)
          else await recordProvenance(vault, call.runId, call.provenance)
          return null
        case 'pause':
          running().control.pause()
          return null
        case 'resume':
          running().control.resume()
          return null
        case 'step':
          running().control.stepOnce()
          return null
        case 'stop': {
          const { control, record } = running()
          control.stop()
          send({ kind: 'phase', phase: 'stopping', runId: record.id })
          return null
        }
        case 'save':
          return running().save()
        case 'sample':
          refuseWhileMeasuring()
          if (!active || phase === 'failed') {
            throw new StudioError('refused', 'There is no model to sample from yet.', {
              hint: 'Train first, or resume a run.',
            })
          }
          return active.sample(call.prompt, call.length, call.temperature)
        case 'listRuns':
          return listRecords(vault)
        case 'runItems':
          return runItems(vault, await readRecord(vault, call.runId))
        case 'deleteRun':
          if (active?.record.id === call.runId) refuseWhileBusy()
          await deleteRun(vault, call.runId)
          return null
        case 'runHistory':
          return runHistory(vault, call.runId)
        case 'recordStrategy':
          await recordStrategy(vault, call.runId, call.entry)
          return null
        case 'embed':
          return publishJob((signal) =>
            embedRun(vault, host, active, call, signal, progress('Embedding', 'windows')),
          )
        case 'package':
          return publishJob((signal) => packageRun(vault, call, signal, progress('Encrypting', 'bytes')))
        case 'digest':
          return digestSource(blobSource('the file', call.data))
        case 'cancel':
          if (call.job === 'strategy') strategies.cancel()
          else jobs[call.job].abort()
          return null
        default:
          if (needsEngine(call)) {
            refuseWhileBusy()
            refuseWhileMeasuring()
          }
          return strategies.handle(call)
      }
    },
  }
}
