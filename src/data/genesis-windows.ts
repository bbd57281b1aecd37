import { formatCount, formatPlural } from '../lib/format-count.ts'
import { createPermutation } from '../lib/permutation.ts'
import type { Corpus, CorpusUnit } from './corpus.ts'
import { lastNotAbove, readUnit } from './window-index.ts'

export interface GenesisOptions {
  /** Windows wanted; the network's customary sample has 256. */
  readonly count?: number
  /** Bytes of a window, at most 1,024. */
  readonly length?: number
  readonly seed: number
}

/** The sample that a model's embedding is averaged over. */
export interface GenesisSample {
  readonly windows: readonly Uint8Array[]
  /** What was sampled, and what was not there, as one or two sentences. */
  readonly note: string
}

/** Training units read as one text. */
type Stretch = readonly CorpusUnit[]

/**
 * Windows at seeded random offsets inside training documents, without replacement: two windows may overlap but
 * never start at one place. Fewer distinct ones: all. No document that long: those of one source joined, and
 * where that is not enough, of all sources. Validation units are never read.
 */
export async function genesisWindows(
  corpus: Corpus,
  options: GenesisOptions,
  signal?: AbortSignal,
): Promise<GenesisSample> {
  const { count = 256, length = 1024, seed } = options
  const units = corpus.units('training')
  const ways: readonly (readonly [Stretch[], string])[] = [
    [units.map((unit) => [unit]), 'inside training documents'],
    [bySource(units), 'in the joined training parts of single sources, because none of them is that long'],
    [[units], 'in all training documents joined, because no source is that long'],
  ]
  const fitting = ways.find(([stretches]) => stretches.some((stretch) => bytesIn(stretch) >= length))
  if (!fitting) {
    const all = await readStretch(corpus, units, 0, bytesIn(units), signal)
    return {
      windows: [all],
      note: `There are only ${formatCount(all.length)} bytes of training data, fewer than a window of ${formatCount(length)}: one window of all of them.`,
    }
  }
  const [stretches, where] = fitting
  // starts[i] is the number of distinct offsets before stretch i.
  const starts = new Float64Array(stretches.length + 1)
  for (const [i, stretch] of stretches.entries()) {
    starts[i + 1] = starts[i]! + Math.max(0, bytesIn(stretch) - length + 1)
  }
  const distinct = starts[stretches.length]!
  const taken = Math.min(count, distinct)
  const order = createPermutation(distinct, seed)
  const windows: Uint8Array[] = []
  for (let i = 0; i < taken; i += 1) {
    const offset = order(i)
    const at = lastNotAbove(starts, offset)
    const from = offset - starts[at]!
    windows.push(await readStretch(corpus, stretches[at]!, from, from + length, signal))
  }
  const sentence = `${formatPlural(taken, 'window')} of ${formatCount(length)} bytes at random offsets ${where}.`
  const fewer = `Only ${formatPlural(taken, 'different window')} exist, fewer than the ${formatCount(count)} wanted.`
  return { windows, note: taken < count ? `${sentence} ${fewer}` : sentence }
}

/** Units of one document follow each other. */
function bySource(units: readonly CorpusUnit[]): Stretch[] {
  const stretches: CorpusUnit[][] = []
  for (const unit of units) {
    const last = stretches.at(-1)
    if (last?.[0]?.document === unit.document) last.push(unit)
    else stretches.push([unit])
  }
  return stretches
}

function bytesIn(stretch: Stretch): number {
  return stretch.reduce((sum, unit) => sum + unit.to - unit.from, 0)
}

/** Bytes [from, to) of the units put end to end. */
async function readStretch(
  corpus: Corpus,
  stretch: Stretch,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from)
  let start = 0
  for (const unit of stretch) {
    const size = unit.to - unit.from
    const first = Math.max(from, start)
    const last = Math.min(to, start + size)
    if (first < last) {
      const part = await readUnit(corpus, unit, unit.from + first - start, unit.from + last - start, signal)
      bytes.set(part, first - from)
    }
    start += size
  }
  return bytes
}
