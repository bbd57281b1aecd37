import type { GemmKind, GemmShape } from './gemm-shape.ts'

/** A product in double precision, and the sum of |a b| of each output, which its error is measured against. */
export interface GemmTwin {
  readonly values: Float64Array
  readonly magnitudes: Float64Array
}

/**
 * Stated tolerance of every f32 variant: |difference| <= GEMM_TOLERANCE * sum |a b|. Single products and sums are off
 * by 2^-24 each, and errors of sums of random signs grow with the square root of their length.
 */
export const GEMM_TOLERANCE = 1e-6
/** The same where operands are rounded to f16, 2^-11 each. */
export const HALF_TOLERANCE = 1e-3

/** The slow twin of every GEMM kernel, without epilogue; operands as in addLinear, addLinearDx and addLinearDw. */
export function gemmCpu(
  kind: GemmKind,
  { m, k, n, parts = 1 }: GemmShape,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): GemmTwin {
  const part = n / parts
  const size = { nn: m * n, nt: m * k, tn: k * n }[kind]
  const twin = { values: new Float64Array(size), magnitudes: new Float64Array(size) }
  const add = (at: number, product: number) => {
    twin.values[at]! += product
    twin.magnitudes[at]! += Math.abs(product)
  }
  for (let row = 0; row < m; row += 1) {
    for (let i = 0; i < k; i += 1) {
      for (let col = 0; col < n; col += 1) {
        const w = (Math.floor(col / part) * k + i) * part + (col % part)
        if (kind === 'nn') add(row * n + col, a[row * k + i]! * b[w]!)
        else if (kind === 'nt') add(row * k + i, a[row * n + col]! * b[w]!)
        else add(w, a[row * k + i]! * b[row * n + col]!)
      }
    }
  }
  return twin
}

/** Largest difference of an output divided by its magnitude; NaN and missing values count as infinite. */
export function worstGemmError(actual: ArrayLike<number>, { values, magnitudes }: GemmTwin): number {
  if (actual.length < values.length) return Number.POSITIVE_INFINITY
  let worst = 0
  values.forEach((value, at) => {
    const error = Math.abs(actual[at]! - value) / Math.max(magnitudes[at]!, 1e-30)
    // A NaN must not pass.
    if (!(error <= worst)) worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error
  })
  return worst
}
