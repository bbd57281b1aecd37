import { delay, throwIfAborted } from '../lib/abort.ts'
import { createBlake2b256 } from '../lib/blake2b.ts'
import type { CorpusDocument, CorpusUnit, Side } from './corpus.ts'

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

/** A side's share of the bytes may differ from what was wanted by this factor before the split is mended. */
const SLACK = 2

/**
 * Decides each unit's side from its content alone, so the same document falls on the same side in every corpus:
 * BLAKE2b-256(document digest, block number as u64 LE) read as a fraction, validation below `validationShare`.
 * Few or uneven units can leave validation with a share of the bytes far from the one wanted. Where it is less than
 * half of that or more than twice, validation is filled in the order of the fractions instead, until it has the share:
 * then adding documents changes the side only of units at the edge. Validation is never empty and never more than half
 * of the bytes. Needs at least two units. 'cancelled' on abort.
 */
export async function splitUnits(
  documents: readonly CorpusDocument[],
  units: readonly CorpusUnit[],
  validationShare: number,
  signal?: AbortSignal,
): Promise<Record<Side, readonly CorpusUnit[]>> {
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
  const total = bytesOf(units)
  const wanted = validationShare * total
  let inValidation = units.map((_, i) => fractions[i]! < validationShare)
  const validationBytes = bytesOf(units.filter((_, i) => inValidation[i]))
  const most = Math.min(SLACK * wanted, total / 2)
  if (validationBytes === 0 || validationBytes < wanted / SLACK || validationBytes > most) {
    inValidation = fillShare(units, fractions, wanted, most)
  }
  return {
    training: units.filter((_, i) => !inValidation[i]),
    validation: units.filter((_, i) => inValidation[i]),
  }
}

/**
 * Units in the order of their fractions until they have `wanted` bytes, passing over those that would make it more than
 * `most`. Where that leaves too little, because the others are large: also the first of about the smallest of them.
 */
function fillShare(
  units: readonly CorpusUnit[],
  fractions: Float64Array,
  wanted: number,
  most: number,
): boolean[] {
  const chosen = units.map(() => false)
  const size = (i: number) => units[i]!.to - units[i]!.from
  const order = units.map((_, i) => i).sort((a, b) => fractions[a]! - fractions[b]! || a - b)
  let bytes = 0
  for (const i of order) {
    if (bytes >= wanted) break
    if (bytes + size(i) > most) continue
    chosen[i] = true
    bytes += size(i)
  }
  if (bytes < wanted / SLACK) {
    const room = bytesOf(units) / 2 - bytes
    const left = order.filter((i) => !chosen[i] && size(i) <= room)
    const smallest = Math.min(...left.map(size))
    const next = left.find((i) => size(i) <= 2 * smallest)
    if (next !== undefined) chosen[next] = true
  }
  return chosen
}

export function bytesOf(units: readonly CorpusUnit[]): number {
  return units.reduce((sum, unit) => sum + unit.to - unit.from, 0)
}

/** Windows that these units give at a sequence; a window never crosses a unit. */
export function windowsOf(units: readonly CorpusUnit[], sequence: number): number {
  return units.reduce((sum, unit) => sum + Math.ceil((unit.to - unit.from) / sequence), 0)
}
