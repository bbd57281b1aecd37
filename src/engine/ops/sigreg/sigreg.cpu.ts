/** Mean SIGReg of protocol 8.7 over the rows of x[n, d] for noise[d, slices], in double precision. */
export function sigregCpu(x: ArrayLike<number>, noise: ArrayLike<number>, d: number, points = 17): number {
  const [slices, rows] = [noise.length / d, x.length / d]
  const norms = Array.from({ length: slices }, (_, s) =>
    Math.hypot(...Array.from({ length: d }, (_, i) => noise[i * slices + s]!)),
  )
  const y = Float64Array.from({ length: rows * slices }, (_, at) => {
    const [n, s] = [Math.floor(at / slices), at % slices]
    return Array.from({ length: d }, (_, i) => (x[n * d + i]! * noise[i * slices + s]!) / norms[s]!).reduce(
      (a, b) => a + b,
      0,
    )
  })
  return sigregOfProjections(y, slices, points).statistic.reduce((a, b) => a + b, 0) / rows
}

/** SIGReg of each position of projections y[n, slices], and the gradient of their sum. */
export function sigregOfProjections(
  y: ArrayLike<number>,
  slices: number,
  points: number,
): { statistic: Float64Array; dy: Float64Array } {
  const [rows, dt] = [y.length / slices, 3 / (points - 1)]
  const [statistic, dy] = [new Float64Array(rows), new Float64Array(y.length)]
  for (let n = 0; n < rows; n += 1) {
    const row = Array.from({ length: slices }, (_, s) => y[n * slices + s]!)
    for (let j = 0; j < points; j += 1) {
      const t = j * dt
      const phi = Math.exp((-t * t) / 2)
      const mean = (f: (angle: number) => number) =>
        row.reduce((sum, value) => sum + f(value * t), 0) / slices
      const weight = (j === 0 || j === points - 1 ? dt : 2 * dt) * phi
      const [a, b] = [mean(Math.cos) - phi, mean(Math.sin)]
      statistic[n]! += weight * slices * (a ** 2 + b ** 2)
      row.forEach((value, s) => {
        dy[n * slices + s]! += 2 * weight * t * (b * Math.cos(value * t) - a * Math.sin(value * t))
      })
    }
  }
  return { statistic, dy }
}

/** noise [d, slices] with each column divided by its L2 norm. */
export function normaliseColumnsCpu(noise: ArrayLike<number>, slices: number): Float64Array {
  const squares = new Float64Array(slices)
  for (let at = 0; at < noise.length; at += 1) squares[at % slices]! += noise[at]! ** 2
  return Float64Array.from(noise, (value, at) => value / Math.sqrt(squares[at % slices]!))
}
