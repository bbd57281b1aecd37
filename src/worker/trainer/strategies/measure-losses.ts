import { validationBatches } from '../../../data/loader.ts'
import { openCorpus } from '../../../data/open-corpus.ts'
import { tokenRows } from '../../../data/token-rows.ts'
import type { TokenBatch } from '../../../engine/engine.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import { createPermutation } from '../../../lib/permutation.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import type { LossesByData, Measure } from '../../../strategies/merge/beta-sweep.ts'
import { loadWeights } from '../../../strategies/merge/weights-reader.ts'
import { validate } from '../../../train/validate.ts'
import type { Vault } from '../../../weights/vault.ts'
import type { LossData, LossWindows, StrategyCall } from '../../strategy-protocol.ts'
import { corpusInputs, readRecord, storedItems } from '../run-files.ts'
import { openWeights } from './open-weights.ts'
import type { StrategyJob } from './strategy-job.ts'

const ROWS = 8

/** The loss of each of these weights on one data set, nats per target. */
export async function measureLosses(
  job: StrategyJob,
  { config: name, weights, data, windows }: Extract<StrategyCall, { kind: 'measureLosses' }>,
): Promise<readonly number[]> {
  const { vault, signal } = job
  const config = modelConfigs[name]
  const measure = await prepareMeasure([await withItems(vault, data)], windows, signal)
  const engine = await job.host.open(config)
  const progress = job.progress('Measuring losses', 'measurements')
  try {
    const losses: number[] = []
    for (const ref of weights) {
      const opened = await openWeights(vault, config, ref, { signal })
      try {
        await loadWeights(engine, opened, signal)
      } finally {
        await opened.close()
      }
      losses.push((await measure(engine))[data.name]!)
      progress(losses.length, weights.length)
    }
    return losses
  } finally {
    engine.dispose()
  }
}

/** Data of a run, read from where its copy is kept. */
async function withItems(vault: Vault, data: LossData): Promise<LossData> {
  if (data.ofRun === undefined) return data
  const { corpus } = await readRecord(vault, data.ofRun)
  return { ...data, items: await storedItems(vault, corpus.digest) }
}

/** Reads the data sets once; the result measures whatever an engine holds on them, in nats per target. */
export async function prepareMeasure(
  data: readonly LossData[],
  windows: LossWindows,
  signal: AbortSignal,
): Promise<Measure> {
  const sets: { name: string; batches: readonly TokenBatch[] }[] = []
  for (const one of data) {
    const batches =
      one.side === 'validation'
        ? await validationSide(one, windows, signal)
        : await allWindows(one, windows, signal)
    sets.push({ name: one.name, batches })
  }
  return async (engine) => {
    const losses: [string, number][] = []
    for (const { name, batches } of sets) {
      losses.push([name, (await validate(engine, batches, undefined, signal)).loss])
    }
    return Object.fromEntries(losses) as LossesByData
  }
}

async function validationSide(data: LossData, { sequence, limit }: LossWindows, signal: AbortSignal) {
  const corpus = await openCorpus(corpusInputs(data.items), { sequence, signal })
  return validationBatches(corpus, { sequence, limit, microBatch: ROWS }, signal)
}

/** A seeded sample of all windows, the same each time. */
async function allWindows({ name, items }: LossData, { sequence, limit }: LossWindows, signal: AbortSignal) {
  const places = items.flatMap(({ data }) =>
    Array.from({ length: Math.ceil(data.size / sequence) }, (_, index) => ({ data, from: index * sequence })),
  )
  if (places.length === 0) {
    throw new StudioError('bad-input', `${name} is empty.`, { hint: 'Choose data with at least one byte.' })
  }
  const order = createPermutation(places.length, 0)
  const batches: TokenBatch[] = []
  const count = Math.min(limit, places.length)
  for (let first = 0; first < count; first += ROWS) {
    throwIfAborted(signal)
    const rows: Uint8Array[] = []
    for (let index = first; index < Math.min(count, first + ROWS); index += 1) {
      const { data, from } = places[order(index)]!
      rows.push(new Uint8Array(await data.slice(from, from + sequence).arrayBuffer()))
    }
    batches.push(tokenRows(rows, sequence))
  }
  return batches
}
