import { openCorpus } from '../../../data/open-corpus.ts'
import { createWindowIndex, type WindowIndex } from '../../../data/window-index.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import { createPermutation } from '../../../lib/permutation.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { LossData, LossWindows } from '../../strategy-protocol.ts'
import { corpusInputs } from '../run-files.ts'

/**
 * What is read of data to compare weights on it, the same bytes each time, as submissions that the contract scores one
 * by one: of my data its held-out part as one submission, of other data each item as its own. At most `limit` chunks.
 */
export function sampleData(
  data: LossData,
  windows: LossWindows,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  return data.side === 'validation' ? heldOut(data, windows, signal) : eachItem(data, windows, signal)
}

async function heldOut(
  { items }: LossData,
  { sequence, limit }: LossWindows,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const corpus = await openCorpus(corpusInputs(items), { sequence, signal })
  return [await joined(createWindowIndex(corpus, 'validation', sequence), limit, signal)]
}

/**
 * Whole chunks first, so that each stays what it is, then shorter stretches one after the other. What would not fill a
 * last chunk is left out, since its padding counts as text that is known: only less than one chunk is padded.
 */
async function joined(index: WindowIndex, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const { sequence, count } = index
  const order = createPermutation(count, 0)
  const read: { readonly window: number; readonly bytes: Uint8Array }[] = []
  for (let at = 0, size = 0; at < count && size < limit * sequence; at += 1) {
    throwIfAborted(signal)
    const window = order(at)
    const bytes = await index.read(window, signal)
    read.push({ window, bytes })
    size += bytes.length
  }
  const isShort = ({ bytes }: (typeof read)[0]) => Number(bytes.length < sequence)
  read.sort((a, b) => isShort(a) - isShort(b) || a.window - b.window)
  const all = new Uint8Array(await new Blob(read.map(({ bytes }) => bytes as BlobPart)).arrayBuffer())
  const whole = Math.min(limit, Math.floor(all.length / sequence)) * sequence
  return whole > 0 ? all.subarray(0, whole) : all
}

async function eachItem(
  { name, items }: LossData,
  { sequence, limit }: LossWindows,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const full = items.filter(({ data }) => data.size > 0)
  if (full.length === 0) {
    throw new StudioError('bad-input', `${name} is empty.`, { hint: 'Choose data with at least one byte.' })
  }
  const count = Math.min(limit, full.length)
  const share = Math.floor(limit / count)
  const pieces: Uint8Array[] = []
  for (const index of drawn(full.length, count)) {
    throwIfAborted(signal)
    const { data } = full[index]!
    const chunks =
      Math.ceil(data.size / sequence) <= share
        ? [data]
        : drawn(Math.floor(data.size / sequence), share).map((at) =>
            data.slice(at * sequence, (at + 1) * sequence),
          )
    pieces.push(new Uint8Array(await new Blob(chunks).arrayBuffer()))
  }
  return pieces
}

/** `count` of the numbers below `total`, always the same ones, in their order. */
function drawn(total: number, count: number): number[] {
  const order = createPermutation(total, 0)
  return Array.from({ length: count }, (_, at) => order(at)).sort((a, b) => a - b)
}
