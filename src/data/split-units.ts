import { delay, throwIfAborted } from '../lib/abort.ts'
import { createBlake2b256 } from '../lib/blake2b.ts'
import type { CorpusDocument, CorpusPiece, CorpusUnit, Side } from './corpus.ts'

/** Units decided between two looks at the signal: some ten milliseconds. */
const UNITS_AT_ONCE = 4096

/** Consecutive units of at most `unitBytes` in document order. */
export function cutUnits(documents: readonly CorpusDocument[], unitBytes: number): CorpusUnit[] {
  return documents.flatMap(({ source }, document) =>
    Array.from({ length: Math.ceil(source.size / unitBytes) }, (_, block) => ({
      document,
      block,
      from: block * unitBytes,
      to: Math.min(source.size, (block + 1) * unitBytes),
    })),
  )
}

/** What validation holds at least, where its share would be less: one window as the network scores. */
const LEAST_VALIDATION_BYTES = 1024

/**
 * Units are not cut shorter than a window as the network scores, and not at line feeds, so that validation reads whole
 * windows: each byte before the cut would be a padded position.
 */
const SHORTEST_UNIT_BYTES = 1024

/** Units are not left longer than this, however large the corpus is. */
const LONGEST_UNIT_BYTES = 64 * 1024

/** So many units make validation: fewer would be a matter of luck, more would cut documents that can stay whole. */
const VALIDATION_UNITS = 8

/** Bytes that validation should hold: its share, at least a window, of a tiny corpus a quarter at most. */
export function validationTarget(total: number, validationShare: number): number {
  return Math.max(validationShare * total, Math.min(LEAST_VALIDATION_BYTES, total / 4))
}

/**
 * The longest unit of a corpus, a power of two: between a sixteenth and an eighth of what validation should hold, within
 * 1,024 bytes and 64 KiB, and never more than validation should hold, so that no unit is too large for it. Follows from
 * the number of bytes alone, and stays as it is until that has about doubled. At 5 % all corpora from 10.5 MB on have 64 KiB.
 */
export function longestUnit(total: number, validationShare: number): number {
  const wanted = validationTarget(total, validationShare)
  const fine = Math.min(LONGEST_UNIT_BYTES, Math.max(SHORTEST_UNIT_BYTES, wanted / VALIDATION_UNITS))
  return 2 ** Math.floor(Math.log2(Math.min(wanted, fine)))
}

/** The bytes on validation's side may differ from what was wanted by this factor before the split is mended. */
const SLACK = 2

/**
 * Decides each unit's side from its content alone: BLAKE2b-256(document digest, block number as u64 LE) read as a fraction.
 * A document of so many units that one or more belong to validation gives its share of them, those of the lowest fractions;
 * a unit of any other is for validation where its fraction lies below the share. So the same document falls on the same
 * side in every company of about that size. Where chance leaves validation with less than half of what it should hold, or
 * more than twice, it is filled with units of the shorter documents in the order of their fractions instead: then adding
 * documents changes the side only of units at the edge. With units of at most `longestUnit`, validation has from half to
 * twice its target, and never more than half of the bytes. 'cancelled' on abort.
 */
export async function splitUnits(
  documents: readonly CorpusDocument[],
  units: readonly CorpusUnit[],
  validationShare: number,
  signal?: AbortSignal,
): Promise<Record<Side, readonly CorpusUnit[]>> {
  const total = bytesOf(units)
  const wanted = validationTarget(total, validationShare)
  const share = wanted / total
  const fractions = await unitFractions(documents, units, signal)
  const inValidation = units.map(() => false)
  const short: number[] = []
  let bytes = 0
  const choose = (i: number) => {
    inValidation[i] = true
    bytes += sizeOf(units[i]!)
  }
  const inOrder = (indices: number[]) => indices.sort((a, b) => fractions[a]! - fractions[b]! || a - b)
  for (const indices of byDocument(units)) {
    if (share * indices.length < 1) short.push(...indices)
    else
      inOrder(indices)
        .slice(0, Math.round(share * indices.length))
        .forEach(choose)
  }
  const most = Math.min(SLACK * wanted, total / 2)
  const below = short.filter((i) => fractions[i]! < share)
  const withBelow = below.reduce((sum, i) => sum + sizeOf(units[i]!), bytes)
  if (withBelow >= wanted / SLACK && withBelow <= most) below.forEach(choose)
  else {
    for (const i of inOrder(short)) {
      if (bytes >= wanted) break
      if (bytes + sizeOf(units[i]!) <= most) choose(i)
    }
  }
  return {
    training: units.filter((_, i) => !inValidation[i]),
    validation: units.filter((_, i) => inValidation[i]),
  }
}

/** Indices of the units of each document; those of one follow each other. */
function byDocument(units: readonly CorpusUnit[]): number[][] {
  const groups: number[][] = []
  for (const [i, { document }] of units.entries()) {
    if (i > 0 && units[i - 1]!.document === document) groups.at(-1)!.push(i)
    else groups.push([i])
  }
  return groups
}

async function unitFractions(
  documents: readonly CorpusDocument[],
  units: readonly CorpusUnit[],
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const hasher = await createBlake2b256()
  const number = new Uint8Array(8)
  const fractions = new Float64Array(units.length)
  for (const [i, unit] of units.entries()) {
    // A message that cancels is only heard between two tasks.
    if (i > 0 && i % UNITS_AT_ONCE === 0) await delay(0, signal)
    new DataView(number.buffer).setBigUint64(0, BigInt(unit.block), true)
    hasher.init()
    hasher.update(documents[unit.document]!.digest)
    hasher.update(number)
    const digest = hasher.digest()
    fractions[i] = new DataView(digest.buffer, digest.byteOffset).getUint32(0, true) / 2 ** 32
  }
  throwIfAborted(signal)
  return fractions
}

/** Neighbouring units as one piece, in the same order: where a side was cut shows nowhere, and windows go on over it. */
export function joinNeighbours(units: readonly CorpusUnit[]): CorpusPiece[] {
  const pieces: { document: number; from: number; to: number }[] = []
  for (const { document, from, to } of units) {
    const last = pieces.at(-1)
    if (last?.document === document && last.to === from) last.to = to
    else pieces.push({ document, from, to })
  }
  return pieces
}

function sizeOf({ from, to }: CorpusPiece): number {
  return to - from
}

export function bytesOf(pieces: readonly CorpusPiece[]): number {
  return pieces.reduce((sum, piece) => sum + sizeOf(piece), 0)
}

/** Windows that these pieces give at a sequence; a window never crosses a piece. */
export function windowsOf(pieces: readonly CorpusPiece[], sequence: number): number {
  return pieces.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / sequence), 0)
}
