import { createLoader } from '../../../data/loader.ts'
import { openCorpus } from '../../../data/open-corpus.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { MAX_SEQUENCE, type ModelConfig, modelConfigs } from '../../../model/model-config.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import { type GreedySoup, greedySoup } from '../../../strategies/merge/greedy-soup.ts'
import {
  averagedWeights,
  soupWeights,
  taskArithmeticWeights,
} from '../../../strategies/merge/merged-weights.ts'
import type { WeightsReader } from '../../../strategies/merge/weights-reader.ts'
import { fineTuneRecipe, type Recipe, recipeForStart } from '../../../train/recipe.ts'
import { loadCheckpoint } from '../../../weights/load-checkpoint.ts'
import { saveCheckpoint } from '../../../weights/save-checkpoint.ts'
import type { RunRecord } from '../../protocol.ts'
import type {
  MergeRecord,
  MergeReport,
  MergeSpec,
  StrategyCall,
  WeightsRef,
} from '../../strategy-protocol.ts'
import { checkSplit } from '../check-split.ts'
import type { CheckpointExtra } from '../checkpoint-extra.ts'
import { deleteRun, readRecord, saveRecord, weightedCorpus } from '../run-files.ts'
import { prepareMeasure } from './measure-losses.ts'
import { type OpenWeights, withWeights } from './open-weights.ts'
import type { StrategyJob } from './strategy-job.ts'

type Call = Extract<StrategyCall, { kind: 'mergeWeights' }>

interface Merged {
  readonly weights: WeightsReader
  readonly record: MergeRecord
  readonly soup?: GreedySoup
  /** What the soup was measured on. */
  readonly bytes?: number
}

/**
 * Makes a run of merged weights: a checkpoint written tensor by tensor from files to a file, and a record that says what
 * went into it. Fresh moments are zeroes at step 0, which is where Adam begins: training on warms up again. A merge that
 * is cancelled or fails leaves no run behind.
 */
export async function mergeRuns(job: StrategyJob, call: Call): Promise<MergeReport> {
  const { vault, signal } = job
  if ((await vault.sizeOf(`runs/${call.runId}`)) > 0) {
    throw new StudioError('refused', 'There is a run of this name already.', { hint: 'Choose another name.' })
  }
  const source = await readRecord(vault, call.dataOf)
  const config = modelConfigs[source.recipe.config]
  const reading = { signal, onProgress: job.progress('Reading weights', 'bytes') }
  return withWeights(vault, config, referencesOf(call.merge), reading, async (parts) => {
    const kept = call.optimizer === 'kept' ? await keptMoments(job, call, config, parts) : undefined
    const merged = await merge(job, call, config, parts)
    const inputs = await weightedCorpus(vault, source)
    const step = kept?.step ?? 0
    const recipe = kept ? { ...source.recipe, steps: step + source.recipe.steps } : recipeOfMerge(source)
    const corpus = await openCorpus(inputs, { sequence: recipe.sequence, signal })
    if (kept) checkSplit(source.corpus, corpus.summary)
    const { preview: _, ...counted } = corpus.summary
    const mergeRecord = kept ? { ...merged.record, optimizer: { of: source.name, step } } : merged.record
    const record: RunRecord = {
      id: call.runId,
      name: call.name,
      createdAt: Date.now(),
      recipe,
      startFrom: describe(merged.record),
      corpus: { ...counted, sources: source.corpus.sources },
      merge: mergeRecord,
      checkpoint: null,
      stepsDone: step,
      lossFirst: null,
      lossLast: null,
    }
    try {
      await saveRecord(vault, record)
      const extra: CheckpointExtra = { cursor: createLoader(corpus, recipe).cursor, validation: [] }
      const facts = { runId: call.runId, config: config.name, step, savedAt: Date.now(), extra }
      const table = parameterTable(config)
      const sizes = new Map(table.map(({ name, size }) => [name, size]))
      const reader = {
        readTensor: (name: string) => merged.weights.readTensor(name, signal),
        async readMoments(name: string) {
          if (kept) return kept.readMoments(name)
          const none = new Float32Array(sizes.get(name)!)
          return { m: none, v: none }
        },
      }
      const writing = { signal, onProgress: job.progress('Writing the merged weights', 'bytes') }
      const manifest = await saveCheckpoint(vault, facts, table, reader, writing)
      const checkpoint = {
        runId: call.runId,
        step,
        savedAt: facts.savedAt,
        weightsDigest: manifest.weights.digest,
        validationLoss: merged.soup?.loss ?? null,
      }
      const finished = { ...record, checkpoint }
      await saveRecord(vault, finished)
      const { soup, bytes = 0 } = merged
      return { record: finished, trials: soup?.trials ?? [], bytes }
    } catch (error) {
      await deleteRun(vault, call.runId)
      throw error
    }
  })
}

/** That of trained weights; data that has no window of the scored length is read as before. */
function recipeOfMerge({ recipe, corpus }: RunRecord): Recipe {
  return fineTuneRecipe(corpus.bytes > MAX_SEQUENCE ? recipeForStart(recipe, true) : recipe)
}

/** Adam's state of the run that is mine; only where the merge is built on that very checkpoint. */
async function keptMoments(
  { vault, signal }: StrategyJob,
  { merge: spec, dataOf }: Call,
  config: ModelConfig,
  parts: readonly OpenWeights[],
) {
  const mine = spec.kind === 'average' ? spec.mine : spec.kind === 'taskArithmetic' ? spec.base : undefined
  if (mine?.kind === 'run' && mine.runId === dataOf) {
    const checkpoint = await loadCheckpoint(vault, dataOf, parameterTable(config), { signal })
    const { step, weights } = checkpoint.manifest
    if (weights.digest === parts[0]!.digest) {
      return { step, readMoments: (name: string) => checkpoint.readMoments(name) }
    }
  }
  throw new StudioError(
    'bad-input',
    'Only a merge that starts from a run of yours has an optimizer to keep.',
    {
      hint: 'Start the merged run with a fresh optimizer.',
    },
  )
}

function referencesOf(spec: MergeSpec): WeightsRef[] {
  switch (spec.kind) {
    case 'average':
      return [spec.mine, spec.theirs]
    case 'soup':
    case 'greedySoup':
      return [...spec.parts]
    case 'taskArithmetic':
      return [spec.base, ...spec.vectors.flatMap(({ theirs, common }) => [theirs, common])]
    default:
      return spec satisfies never
  }
}

async function merge(
  job: StrategyJob,
  call: Call,
  config: ModelConfig,
  parts: readonly OpenWeights[],
): Promise<Merged> {
  const spec = call.merge
  const facts = parts.map(({ label, digest }) => ({ label, digest }))
  switch (spec.kind) {
    case 'average': {
      const record = { kind: spec.kind, parts: facts, beta: spec.beta }
      return { weights: averagedWeights(parts[0]!, parts[1]!, spec.beta), record }
    }
    case 'soup':
      return { weights: soupWeights(parts), record: { kind: spec.kind, parts: facts } }
    case 'taskArithmetic': {
      const vectors = spec.vectors.map(({ scale }, index) => ({
        theirs: parts[1 + 2 * index]!,
        common: parts[2 + 2 * index]!,
        scale,
      }))
      const record = { kind: spec.kind, parts: facts, scales: spec.vectors.map(({ scale }) => scale) }
      return { weights: taskArithmeticWeights(parts[0]!, vectors), record }
    }
    case 'greedySoup': {
      const measure = await prepareMeasure([spec.data], call.windows, job.signal)
      const engine = await job.host.open(config)
      try {
        // Labels may repeat; places do not.
        const candidates = parts.map((weights, place) => ({ label: `${place}`, weights }))
        const soup = await greedySoup(engine, candidates, {
          loss: async (held) => (await measure.losses(held))[spec.data.name]!,
          signal: job.signal,
          onProgress: job.progress('Measuring soups', 'measurements'),
        })
        const named = soup.trials.map((trial) => ({ ...trial, label: facts[Number(trial.label)]!.label }))
        const taken = soup.taken.map((place) => facts[Number(place)]!)
        return {
          weights: soup.weights,
          record: { kind: spec.kind, parts: taken },
          soup: { ...soup, trials: named },
          bytes: measure.bytes[spec.data.name]!,
        }
      } finally {
        engine.dispose()
      }
    }
    default:
      throw new StudioError('internal', `There is no merge ${(spec satisfies never as MergeSpec).kind}.`)
  }
}

function describe({ kind, parts, beta }: MergeRecord): string {
  const labels = parts.map(({ label }) => label).join(', ')
  switch (kind) {
    case 'average':
      return `average of ${labels}, beta ${beta}`
    case 'soup':
      return `soup of ${labels}`
    case 'greedySoup':
      return `greedy soup of ${labels}`
    case 'taskArithmetic':
      return `task arithmetic on ${labels}`
    default:
      return kind satisfies never
  }
}
