/** Random values that are the same in every run (xorshift32). */
export interface RandomSource {
  /** In [0, n). */
  below(n: number): number
  bytes(length: number): Uint8Array
  pick<T>(items: readonly T[]): T
}

export function createRandomSource(seed: number): RandomSource {
  let state = seed | 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const below = (n: number) => next() % n
  return {
    below,
    bytes: (length) => Uint8Array.from({ length }, next),
    pick: (items) => items[below(items.length)]!,
  }
}
