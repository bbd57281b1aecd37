import { throwIfAborted } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ByteSource } from './byte-source.ts'
import { checkRange } from './check-range.ts'
import type { CorpusInput } from './corpus.ts'
import type { StreamOptions } from './digest-source.ts'
import { type PassageOptions, splitPassages } from './split-passages.ts'

/** What cutting into passages does to the windows that training sees. */
export interface PassageEffect {
  readonly passages: number
  readonly windowsBefore: number
  readonly windowsAfter: number
  readonly bytesBefore: number
  readonly bytesAfter: number
  /** Share of the positions of all windows that hold a byte, before and after: the rest is PAD. */
  readonly filledBefore: number
  readonly filledAfter: number
  /** Sources without a single passage, by name; they are left out. */
  readonly without: readonly string[]
}

/** Where a passage came from. */
export interface PassagePlace {
  /** Index of its input. */
  readonly input: number
  /** The name of the passage. */
  readonly part: string
  readonly from: number
  readonly to: number
}

export interface PassageInputs {
  readonly inputs: readonly CorpusInput[]
  /** In the order of the inputs. */
  readonly passages: readonly PassagePlace[]
  readonly effect: PassageEffect
}

/** A document is read whole to be cut. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * Each document as the passages in it, each an input of its own with the document's origin and weight. `sequence` is
 * the window that the effect is counted for. 'bad-input' for a document above 256 MiB, 'cancelled' on abort.
 */
export async function passageInputs(
  inputs: readonly CorpusInput[],
  options: PassageOptions & { readonly sequence: number },
  stream: StreamOptions = {},
): Promise<PassageInputs> {
  const { sequence } = options
  const windows = (bytes: number) => Math.ceil(bytes / sequence)
  const total = inputs.reduce((sum, { source }) => sum + source.size, 0)
  const made: CorpusInput[] = []
  const places: PassagePlace[] = []
  const without: string[] = []
  let [done, windowsBefore, windowsAfter, bytesAfter] = [0, 0, 0, 0]
  for (const [number, input] of inputs.entries()) {
    throwIfAborted(stream.signal)
    const { source, name } = input
    if (source.size > MOST_BYTES) throw tooLong(name)
    const bytes = await source.slice(0, source.size, stream.signal)
    const passages = splitPassages(bytes, options)
    if (passages.length === 0) without.push(name)
    windowsBefore += windows(source.size)
    for (const [index, { from, to }] of passages.entries()) {
      windowsAfter += windows(to - from)
      bytesAfter += to - from
      const part = `${name}#${index + 1}`
      places.push({ input: number, part, from, to })
      made.push({ ...input, name: part, source: partOf(part, source, from, to) })
    }
    done += source.size
    stream.onProgress?.(done, total)
  }
  const filled = (bytes: number, count: number) => (count === 0 ? 0 : bytes / (count * sequence))
  return {
    inputs: made,
    passages: places,
    effect: {
      passages: made.length,
      windowsBefore,
      windowsAfter,
      bytesBefore: total,
      bytesAfter,
      filledBefore: filled(total, windowsBefore),
      filledAfter: filled(bytesAfter, windowsAfter),
      without,
    },
  }
}

function partOf(name: string, whole: ByteSource, from: number, to: number): ByteSource {
  return {
    name,
    size: to - from,
    async slice(first, last, signal) {
      checkRange(name, to - from, first, last)
      return whole.slice(from + first, from + last, signal)
    },
  }
}

function tooLong(name: string): StudioError {
  return new StudioError('bad-input', `${name} is too long to be cut into passages.`, {
    hint: 'Add it in parts of at most 256 MiB, or use it uncut.',
  })
}
