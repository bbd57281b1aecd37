import { cosineDistance } from '../cosine-distance.ts'

/** Mean 1 - cosine to a won submission. */
export interface UnseenDistance {
  /** Of the embedding in force; null where there is none. */
  readonly before: number | null
  /** Of one made as the new one is, from all other submissions. */
  readonly after: number
}

/**
 * Whether an embedding of won data is near to won data: each submission in turn is left out, and its distance taken to the
 * mean of the others and to the embedding in force. `parts`: sums of the chunks' vectors, [dim] for each submission. Null for
 * fewer than two.
 */
export function unseenDistance(
  parts: readonly ArrayLike<number>[],
  inForce: ArrayLike<number> | null,
): UnseenDistance | null {
  if (parts.length < 2) return null
  const whole = new Float64Array(parts[0]!.length)
  for (const part of parts) for (let unit = 0; unit < whole.length; unit += 1) whole[unit]! += part[unit]!
  let [before, after] = [0, 0]
  for (const part of parts) {
    const others = whole.map((value, unit) => value - part[unit]!)
    after += cosineDistance(others, part) / parts.length
    if (inForce) before += cosineDistance(inForce, part) / parts.length
  }
  return { before: inForce ? before : null, after }
}
