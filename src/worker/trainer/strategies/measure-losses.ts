import { validationBatches } from '../../../data/loader.ts'
import { openCorpus } from '../../../data/open-corpus.ts'
import { tokenRows } from '../../../data/token-rows.ts'
import type { ForwardEngine, TokenBatch } from '../../../engine/engine.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import { createPermutation } from '../../../lib/permutation.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { LossesByData } from '../../../strategies/merge/beta-sweep.ts'
import { validate } from '../../../train/validate.ts'
import type { LossData, LossWindows } from '../../strategy-protocol.ts'
import { corpusInputs } from '../run-files.ts'

const ROWS = 8

/** Reads the data sets once; the result measures whatever an engine holds on them, in nats per target. */
export async function prepareMeasure(
  data: readonly LossData[],
  windows: LossWindows,
  signal: AbortSignal,
): Promise<(engine: ForwardEngine) => Promise<LossesByData>> {
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
