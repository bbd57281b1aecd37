/** Layer norm of each row of x[n, d] and its gradients for dy, in double precision. */
export function layerNormCpu(
  x: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  dy: ArrayLike<number>,
): { y: Float64Array; dx: Float64Array; dgamma: Float64Array; dbeta: Float64Array } {
  const d = gamma.length
  const [y, dx] = [new Float64Array(x.length), new Float64Array(x.length)]
  const [dgamma, dbeta] = [new Float64Array(d), new Float64Array(d)]
  const mean = (f: (i: number) => number) =>
    Array.from({ length: d }, (_, i) => f(i)).reduce((a, b) => a + b, 0) / d
  for (let base = 0; base < x.length; base += d) {
    const centre = mean((i) => x[base + i]!)
    const rstd = 1 / Math.sqrt(mean((i) => (x[base + i]! - centre) ** 2) + 1e-5)
    const h = (i: number) => (x[base + i]! - centre) * rstd
    const g = (i: number) => dy[base + i]! * gamma[i]!
    const [gMean, ghMean] = [mean(g), mean((i) => g(i) * h(i))]
    for (let i = 0; i < d; i += 1) {
      y[base + i] = h(i) * gamma[i]! + beta[i]!
      dx[base + i] = rstd * (g(i) - gMean - h(i) * ghMean)
      dgamma[i]! += dy[base + i]! * h(i)
      dbeta[i]! += dy[base + i]!
    }
  }
  return { y, dx, dgamma, dbeta }
}
