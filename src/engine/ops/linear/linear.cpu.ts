/** y[m, n] = x[m, k] . w[k, n] + bias[n], in double precision; the slow twin of linear.wgsl. */
export function linearCpu(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  bias: ArrayLike<number>,
  m: number,
): Float64Array {
  const n = bias.length
  const k = w.length / n
  return Float64Array.from({ length: m * n }, (_, index) => {
    const [row, col] = [Math.floor(index / n), index % n]
    let sum = bias[col]!
    for (let i = 0; i < k; i += 1) sum += x[row * k + i]! * w[i * n + col]!
    return sum
  })
}

/** dx[m, k], dw[k, n] and db[n] of the same product for dy[m, n]. */
export function linearGradCpu(
  x: ArrayLike<number>,
  w: ArrayLike<number>,
  dy: ArrayLike<number>,
  m: number,
): { dx: Float64Array; dw: Float64Array; db: Float64Array } {
  const k = x.length / m
  const n = dy.length / m
  const grads = { dx: new Float64Array(m * k), dw: new Float64Array(k * n), db: new Float64Array(n) }
  for (let row = 0; row < m; row += 1) {
    for (let col = 0; col < n; col += 1) {
      const g = dy[row * n + col]!
      grads.db[col]! += g
      for (let i = 0; i < k; i += 1) {
        grads.dx[row * k + i]! += g * w[i * n + col]!
        grads.dw[i * n + col]! += g * x[row * k + i]!
      }
    }
  }
  return grads
}
