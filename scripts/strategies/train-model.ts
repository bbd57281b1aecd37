import { createLoader } from '../../src/data/loader.ts'
import { memorySource } from '../../src/data/memory-source.ts'
import { openCorpus } from '../../src/data/open-corpus.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { defaultRecipe, learningRateAt } from '../../src/train/recipe.ts'

/** Data with its weight in the mix. */
export interface Text {
  readonly name: string
  readonly bytes: Uint8Array
  readonly weight?: number
}

export interface Training {
  readonly texts: readonly Text[]
  /** Weights to go on from; fresh ones of the seed without. */
  readonly from?: WeightsReader
  readonly steps: number
  readonly learningRate: number
  readonly sequence: number
  /** Rows of a step. */
  readonly rows: number
  readonly seed: number
  /** Told before the first step and after every `every` steps. */
  readonly onPoint?: (step: number) => Promise<void>
  readonly every?: number
  /** 10 unless told. */
  readonly warmupSteps?: number
}

const WARMUP_STEPS = 10

/** Trains with the studio's own data path and learning rates; the engine keeps the result. */
export async function trainModel(engine: Engine, training: Training): Promise<void> {
  const { from, steps, seed, onPoint, every = steps } = training
  const stepOn = await openTraining(training)
  await startFrom(engine, seed, from)
  await onPoint?.(0)
  for (let step = 1; step <= steps; step += 1) {
    await stepOn(engine, step)
    if (step % every === 0) await onPoint?.(step)
  }
}

/** Makes optimizer steps one by one, each on the data that comes next; `step` decides the rate of the warm-up. */
export async function openTraining(
  training: Pick<Training, 'texts' | 'learningRate' | 'sequence' | 'rows' | 'seed' | 'warmupSteps'>,
): Promise<(engine: Engine, step: number) => Promise<void>> {
  const { texts, learningRate, sequence, rows, seed, warmupSteps = WARMUP_STEPS } = training
  const inputs = texts.map(({ name, bytes, weight = 1 }) => ({
    name,
    origin: 'file' as const,
    source: memorySource(name, bytes),
    weight,
  }))
  const corpus = await openCorpus(inputs, { sequence })
  const loader = createLoader(corpus, { sequence, microBatch: rows, seed })
  const recipe = { ...defaultRecipe('small'), learningRate, warmupSteps }
  return async (engine, step) => {
    const microBatches = [await loader.next()]
    await engine.step({ microBatches, learningRate: learningRateAt(recipe, step), dropout: 0, seed })
  }
}

/** Fresh weights and moments, then the given weights in their place. */
export async function startFrom(engine: Engine, seed: number, from?: WeightsReader): Promise<void> {
  await engine.initialise(seed)
  if (from) await loadWeights(engine, from)
}

/** A copy of what the engine holds. */
export async function copyWeights(engine: Engine): Promise<WeightsReader> {
  const tensors = new Map<string, Float32Array>()
  for (const { name } of parameterTable(engine.config)) tensors.set(name, await engine.readTensor(name))
  return { readTensor: async (name) => tensors.get(name)! }
}
