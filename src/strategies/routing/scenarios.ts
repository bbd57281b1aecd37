import type { Scenario } from './forecast-routing.ts'

/**
 * Embeddings on the arc from one direction to another, both ends included, at equal angles and length 1: "against
 * position". Opposite directions have no one arc; the straight line is taken then, which passes near zero.
 */
export function positionsAlong(from: Float32Array, to: Float32Array, count: number): Float32Array[] {
  const [start, end] = [unit(from), unit(to)]
  const cosine = Math.min(1, Math.max(-1, product(start, end)))
  const angle = Math.acos(cosine)
  const sine = Math.sin(angle)
  return Array.from({ length: count }, (_, index) => {
    const share = count === 1 ? 0 : index / (count - 1)
    const [a, b] =
      sine > 1e-6
        ? [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine]
        : [1 - share, share]
    return Float32Array.from(unit(start.map((value, at) => a * value + b * end[at]!)))
  })
}

/** One scenario for each stake at one position: "against stake". Stakes double from `from` until `to` is passed. */
export function doublingStakes(position: number, from: bigint, to: bigint): Scenario[] {
  const scenarios: Scenario[] = []
  const least = from > 0n ? from : 1n
  for (let stake = least; stake <= to; stake *= 2n) scenarios.push({ position, stake })
  return scenarios
}

function unit(values: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(values)
  const norm = Math.sqrt(product(copy, copy))
  return norm > 0 ? copy.map((value) => value / norm) : copy
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, at) => sum + value * b[at]!, 0)
}
