/** A whole number from 0 to below the argument. */
export type Random = (below: number) => number

/** xorshift32; the quality of the draw does not matter here, only that it repeats. */
export function createRandom(seed: number): Random {
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}
