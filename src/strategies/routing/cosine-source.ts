/** Cosines of targets with a fixed set of embeddings, on whatever computes them. */
export interface CosineSource {
  /** The most targets that one call takes. */
  readonly mostTargets: number
  /** Row-major [targets, embeddings]. A second call may be made before the first has answered. */
  cosines(targets: readonly Float32Array[]): Promise<Float32Array>
  dispose(): void
}

/** Norms below this count as this. Protocol 8.1. */
const NORM_FLOOR = 1e-8

/** The vector at length 1, rounded to f32; the network divides by the norms after the product instead. */
export function unitVector(values: Float32Array): Float32Array {
  let square = 0
  for (const value of values) square += value * value
  const norm = Math.max(Math.sqrt(square), NORM_FLOOR)
  return values.map((value) => value / norm)
}

/** On the CPU, summed in f64: what the GPU is checked against. */
export function cpuCosines(embeddings: readonly Float32Array[], mostTargets = 64): CosineSource {
  const units = embeddings.map(unitVector)
  return {
    mostTargets,
    async cosines(targets) {
      const table = new Float32Array(targets.length * units.length)
      for (const [row, target] of targets.entries()) {
        const unit = unitVector(target)
        for (const [column, other] of units.entries()) table[row * units.length + column] = dot(unit, other)
      }
      return table
    },
    dispose() {},
  }
}

/** Four running sums, so that products need not wait for one another. */
function dot(a: Float32Array, b: Float32Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  const whole = a.length - (a.length % 4)
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!
    s1 += a[i + 1]! * b[i + 1]!
    s2 += a[i + 2]! * b[i + 2]!
    s3 += a[i + 3]! * b[i + 3]!
  }
  for (let i = whole; i < a.length; i += 1) s0 += a[i]! * b[i]!
  return s0 + s1 + (s2 + s3)
}
