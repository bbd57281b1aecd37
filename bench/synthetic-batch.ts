import type { TokenBatch } from '../src/engine/engine.ts'

/** A batch that is the same in every run; each row's last target does not count. */
export function syntheticBatch(rows: number, sequence: number): TokenBatch {
  const tokens = Int32Array.from({ length: rows * sequence }, (_, index) => (index * index + 7 * index) % 256)
  const targets = tokens.map((_, index) => (index % sequence === sequence - 1 ? 256 : tokens[index + 1]!))
  return { tokens, targets, rows, sequence }
}
