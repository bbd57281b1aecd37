/** One Adam step on a copy, in double precision: [value, m, v]. */
export function adamCpu(
  value: ArrayLike<number>,
  m: ArrayLike<number>,
  v: ArrayLike<number>,
  gradient: ArrayLike<number>,
  { learningRate, step }: { learningRate: number; step: number },
): [Float64Array, Float64Array, Float64Array] {
  const mNext = Float64Array.from(m, (old, i) => 0.9 * old + 0.1 * gradient[i]!)
  const vNext = Float64Array.from(v, (old, i) => 0.999 * old + 0.001 * gradient[i]! ** 2)
  const corrected = (i: number) =>
    mNext[i]! / (1 - 0.9 ** step) / (Math.sqrt(vNext[i]! / (1 - 0.999 ** step)) + 1e-8)
  return [Float64Array.from(value, (old, i) => old - learningRate * corrected(i)), mNext, vNext]
}
