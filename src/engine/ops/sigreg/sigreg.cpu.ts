/** Mean SIGReg of protocol 8.7 over the rows of x[n, d] for noise[d, slices], in double precision. */
export function sigregCpu(x: ArrayLike<number>, noise: ArrayLike<number>, d: number, points = 17): number {
  const [slices, rows, dt] = [noise.length / d, x.length / d, 3 / (points - 1)]
  const norms = Array.from({ length: slices }, (_, s) =>
    Math.hypot(...Array.from({ length: d }, (_, i) => noise[i * slices + s]!)),
  )
  let total = 0
  for (let n = 0; n < rows; n += 1) {
    const y = norms.map((norm, s) =>
      Array.from({ length: d }, (_, i) => (x[n * d + i]! * noise[i * slices + s]!) / norm).reduce(
        (a, b) => a + b,
        0,
      ),
    )
    for (let j = 0; j < points; j += 1) {
      const t = j * dt
      const phi = Math.exp((-t * t) / 2)
      const mean = (f: (angle: number) => number) => y.reduce((sum, value) => sum + f(value * t), 0) / slices
      const weight = (j === 0 || j === points - 1 ? dt : 2 * dt) * phi
      total += weight * slices * ((mean(Math.cos) - phi) ** 2 + mean(Math.sin) ** 2)
    }
  }
  return total / rows
}
