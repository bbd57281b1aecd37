import type { ForwardEngine } from '../../../engine/engine.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import type { LossesByData } from '../../../strategies/merge/beta-sweep.ts'
import { scoreData } from '../../../strategies/score-data.ts'
import type { DataScore, LossData, LossWindows } from '../../strategy-protocol.ts'
import { sampleData } from './sample-data.ts'

/** Measures whatever an engine holds on data that was read once. */
export interface PreparedMeasure {
  /** Bytes that are scored of each data set, by its name. */
  readonly bytes: Readonly<Record<string, number>>
  /** By the name of the data set. */
  scores(engine: ForwardEngine): Promise<Readonly<Record<string, DataScore>>>
  /** The contract's losses alone. */
  losses(engine: ForwardEngine): Promise<LossesByData>
}

/**
 * Reads the data sets. Each is scored by the network's contract (protocol 8.7, seed 0); of several submissions the mean
 * counts, each the same, as each is a target of its own. Rejects with 'cancelled' between two submissions.
 */
export async function prepareMeasure(
  data: readonly LossData[],
  windows: LossWindows,
  signal: AbortSignal,
): Promise<PreparedMeasure> {
  const sets: { name: string; pieces: readonly Uint8Array[]; bytes: number }[] = []
  for (const one of data) {
    const pieces = await sampleData(one, windows, signal)
    sets.push({ name: one.name, pieces, bytes: pieces.reduce((sum, { length }) => sum + length, 0) })
  }
  const { sequence } = windows

  async function score(engine: ForwardEngine, { pieces, bytes }: (typeof sets)[0]): Promise<DataScore> {
    let [loss, crossEntropyPerByte] = [0, 0]
    for (const piece of pieces) {
      throwIfAborted(signal)
      const found = await scoreData(engine, piece, { seed: 0, sequence, signal })
      loss += found.loss / pieces.length
      crossEntropyPerByte += found.crossEntropyPerByte / pieces.length
    }
    return { loss, crossEntropyPerByte, bytes }
  }

  async function scores(engine: ForwardEngine) {
    const found: [string, DataScore][] = []
    for (const set of sets) found.push([set.name, await score(engine, set)])
    return Object.fromEntries(found)
  }

  return {
    bytes: Object.fromEntries(sets.map(({ name, bytes }) => [name, bytes])),
    scores,
    async losses(engine) {
      const found = Object.entries(await scores(engine))
      return Object.fromEntries(found.map(([name, { loss }]) => [name, loss]))
    },
  }
}
