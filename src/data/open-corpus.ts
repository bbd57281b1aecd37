import { blake2b256 } from '../lib/blake2b.ts'
import { formatBytes } from '../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../lib/format-count.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { Corpus, CorpusDocument, CorpusInput, CorpusPiece } from './corpus.ts'
import type { StreamOptions } from './digest-source.ts'
import { readDocuments } from './read-documents.ts'
import { bytesOf, cutUnits, joinNeighbours, longestUnit, splitUnits, windowsOf } from './split-units.ts'

export interface CorpusOptions extends StreamOptions {
  /** Tokens of a window, 2 to 1,024: decides the counts of the summary, not the split. */
  readonly sequence: number
  /** Share of the bytes that is kept for validation, between 0 and 1. */
  readonly validationShare?: number
}

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

  if (total < MINIMUM_BYTES) throw tooSmall(total, warnings)

  const units = cutUnits(documents, longestUnit(total, validationShare))
  const split = await splitUnits(documents, units, validationShare, options.signal)
  const sides = { training: joinNeighbours(split.training), validation: joinNeighbours(split.validation) }
  const validationWindows = windowsOf(sides.validation, sequence)
  const validationBytes = bytesOf(sides.validation)
  if (isFew(validationWindows, validationBytes)) {
    warnings.push(
      `Validation has ${formatBytes(validationBytes)} in ${formatPlural(validationWindows, 'window')}: too little to trust small differences of its loss. More data makes it firmer.`,
    )
  }
  const first = documents[0]!.source
  return {
    documents,
    pieces: (side) => sides[side],
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
      unitKind: units.length === documents.length ? 'document' : 'part',
      split: toHex(await digestOfSplit(sides.validation)),
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

async function digestOfSplit(validation: readonly CorpusPiece[]): Promise<Uint8Array> {
  const ranges = validation.map(({ document, from, to }) => `${document}:${from}-${to}`)
  return blake2b256(new TextEncoder().encode(ranges.join()))
}

function nothingUsable(warnings: readonly string[]): StudioError {
  return new StudioError('bad-input', ['There is nothing here to train on.', ...warnings].join(' '), {
    hint: 'Add one or more files that hold text, code or any other bytes; from a folder, add its files.',
  })
}

function tooSmall(total: number, warnings: readonly string[]): StudioError {
  return new StudioError(
    'bad-input',
    [`${formatCount(total)} bytes are too little to train on.`, ...warnings].join(' '),
    { hint: `Add data until there are at least ${formatCount(MINIMUM_BYTES)} bytes.` },
  )
}
