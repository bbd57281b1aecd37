/** Index of the first NaN or infinity, -1 where there is none. */
export function firstNonFinite(values: Float32Array | Float64Array): number {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!
    // Infinity - Infinity and NaN - NaN are NaN: one comparison for both.
    if (value - value !== 0) return i
  }
  return -1
}
