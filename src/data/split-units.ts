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

/**
 * Decides each unit's side from its content alone, so the same document falls on the same side in every corpus:
 * BLAKE2b-256(document digest, block number as u64 LE) read as a fraction, validation below `validationShare`.
 * Where that leaves validation empty, or gives it more than half of the bytes, validation is the one unit with
 * the smallest fraction among those of at most half of the bytes. Needs at least two units. 'cancelled' on abort.
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
  const inValidation = units.map((_, i) => fractions[i]! < validationShare)
  const validationBytes = bytesOf(units.filter((_, i) => inValidation[i]))
  if (validationBytes === 0 || validationBytes > total / 2) {
    const candidates = units.map((_, i) => i).filter((i) => units[i]!.to - units[i]!.from <= total / 2)
    const chosen = candidates.reduce((best, i) => (fractions[i]! < fractions[best]! ? i : best))
    inValidation.fill(false)
    inValidation[chosen] = true
  }
  return {
    training: units.filter((_, i) => !inValidation[i]),
    validation: units.filter((_, i) => inValidation[i]),
  }
}

export function bytesOf(units: readonly CorpusUnit[]): number {
  return units.reduce((sum, unit) => sum + unit.to - unit.from, 0)
}

/** Windows that these units give at a sequence; a window never crosses a unit. */
export function windowsOf(units: readonly CorpusUnit[], sequence: number): number {
  return units.reduce((sum, unit) => sum + Math.ceil((unit.to - unit.from) / sequence), 0)
}
