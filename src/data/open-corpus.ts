import { blake2b256 } from '../lib/blake2b.ts'
import { formatBytes } from '../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../lib/format-count.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { Corpus, CorpusDocument, CorpusInput, CorpusUnit, Side } from './corpus.ts'
import type { StreamOptions } from './digest-source.ts'
import { readDocuments } from './read-documents.ts'
import { bytesOf, cutUnits, splitUnits, windowsOf } from './split-units.ts'

export interface CorpusOptions extends StreamOptions {
  /** Tokens of a window, 2 to 1,024: decides the counts of the summary, and the split of a small corpus. */
  readonly sequence: number
  /** Share of the bytes that is kept for validation, between 0 and 1. */
  readonly validationShare?: number
}

/** The longest unit of the split; longer documents are cut into blocks. */
export const UNIT_BYTES = 64 * 1024

/** Below this a split by documents would leave a side with next to nothing: windows are split one by one. */
export const SMALL_CORPUS_BYTES = 8 * 1024

/** Less than this teaches nothing. */
const MINIMUM_BYTES = 256

const PREVIEW_BYTES = 2048

/** A source of a larger weight would be all that is trained on. */
const MOST_WEIGHT = 1000

/**
 * Reads the inputs once and splits them into a training and a validation side, both decided by the bytes alone.
 * Bad inputs are left out with a warning; 'bad-input' where nothing usable is left, 'cancelled' on abort.
 */
export async function openCorpus(inputs: readonly CorpusInput[], options: CorpusOptions): Promise<Corpus> {
  const { sequence, validationShare = 0.05 } = options
  for (const { name, weight = 1 } of inputs) checkWeight(name, weight)
  const { documents, warnings } = await readDocuments(inputs, options)
  const total = documents.reduce((sum, { source }) => sum + source.size, 0)
  if (documents.length === 0) throw nothingUsable(warnings)

  let units = cutUnits(documents, UNIT_BYTES)
  // One unit cannot stand on two sides, so a single short document is split by windows as well.
  const byWindow = total < SMALL_CORPUS_BYTES || units.length < 2
  if (byWindow) units = cutUnits(documents, sequence)
  if (total < MINIMUM_BYTES || units.length < 2) throw tooSmall(total, sequence, warnings)
  if (byWindow) {
    warnings.push(
      `With ${formatBytes(total)} the split is made window by window, so validation resembles training closely.`,
    )
  }

  const sides = await splitUnits(documents, units, validationShare, options.signal)
  const validationWindows = windowsOf(sides.validation, sequence)
  const validationBytes = bytesOf(sides.validation)
  if (!byWindow && isFew(validationWindows, validationBytes)) {
    warnings.push(
      `Validation has ${formatBytes(validationBytes)} in ${formatPlural(validationWindows, 'window')}: too little to trust small differences of its loss. More data, or more documents, make it firmer.`,
    )
  }
  const crowdedOut = byWindow ? undefined : heldOutForOne(documents, sides)
  if (crowdedOut) warnings.push(crowdedOut)
  const first = documents[0]!.source
  return {
    documents,
    units: (side) => sides[side],
    summary: {
      digest: toHex(await digestOfDigests(documents)),
      sources: documents.map(({ name, origin, source, digest, weight = 1, provenance }) => ({
        name,
        origin,
        bytes: source.size,
        digest: toHex(digest),
        ...(weight === 1 ? {} : { weight }),
        ...(provenance ? { provenance } : {}),
      })),
      bytes: total,
      units: units.length,
      unitKind: byWindow ? 'window' : 'document',
      trainWindows: windowsOf(sides.training, sequence),
      validationWindows,
      trainBytes: bytesOf(sides.training),
      validationBytes,
      preview: await first.slice(0, Math.min(first.size, PREVIEW_BYTES), options.signal),
      warnings,
    },
  }
}

/** A mean of so few windows, or bytes, scatters by more than what most changes to a recipe bring. */
function isFew(windows: number, bytes: number): boolean {
  return windows < 4 || bytes < 4096
}

/**
 * A warning where more than half of the documents are validation only, because a unit of another is larger than
 * validation may be: whoever added them to train on them would not.
 */
function heldOutForOne(
  documents: readonly CorpusDocument[],
  { training, validation }: Readonly<Record<Side, readonly CorpusUnit[]>>,
): string | undefined {
  const trainedOn = new Set(training.map(({ document }) => document))
  const heldOut = documents.length - trainedOn.size
  if (2 * heldOut <= documents.length) return undefined
  const largest = training.reduce((one, other) => (other.to - other.from > one.to - one.from ? other : one))
  const size = largest.to - largest.from
  if (size <= bytesOf(validation)) return undefined
  return `${formatPlural(heldOut, 'document')} of ${documents.length} ${heldOut === 1 ? 'is' : 'are'} kept for validation whole and not trained on, because ${documents[largest.document]!.name} is one piece of ${formatBytes(size)}, too large for that. Split it into shorter files or passages to mix them.`
}

function checkWeight(name: string, weight: number): void {
  if (weight > 0 && weight <= MOST_WEIGHT) return
  throw new StudioError('bad-input', `${name} has the weight ${weight}.`, {
    hint: `Use a weight above 0 and at most ${MOST_WEIGHT}, or leave the source out.`,
  })
}

async function digestOfDigests(documents: readonly CorpusDocument[]): Promise<Uint8Array> {
  const joined = new Uint8Array(32 * documents.length)
  for (const [i, { digest }] of documents.entries()) joined.set(digest, 32 * i)
  return blake2b256(joined)
}

function nothingUsable(warnings: readonly string[]): StudioError {
  return new StudioError('bad-input', ['There is nothing here to train on.', ...warnings].join(' '), {
    hint: 'Add one or more files that hold text, code or any other bytes; from a folder, add its files.',
  })
}

function tooSmall(total: number, sequence: number, warnings: readonly string[]): StudioError {
  const needed = Math.max(MINIMUM_BYTES, sequence + 1)
  return new StudioError(
    'bad-input',
    [`${formatCount(total)} bytes are too little to train on.`, ...warnings].join(' '),
    {
      hint: `Add data until there are at least ${formatCount(needed)} bytes${
        sequence + 1 > MINIMUM_BYTES ? ', or choose a shorter sequence' : ''
      }.`,
    },
  )
}
