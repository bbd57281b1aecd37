import type { MapPoint } from './principal-plane.ts'

/** How crowded each cell of a map is. */
export interface DensityGrid {
  readonly columns: number
  readonly rows: number
  /** Corners of the map; the points lie inside with a margin. */
  readonly from: MapPoint
  readonly to: MapPoint
  /** [rows, columns], the largest is 1; row 0 is at the smallest y. */
  readonly values: Float32Array
}

/** A sum of round Gaussians over the points, the width by Scott's rule for two dimensions (n^-1/6). */
export function densityGrid(points: readonly MapPoint[], columns = 48, rows = 48): DensityGrid {
  const box = { x: extent(points.map(({ x }) => x)), y: extent(points.map(({ y }) => y)) }
  const spread = points.length ** (-1 / 6)
  const [widthX, widthY] = [box.x.deviation * spread, box.y.deviation * spread]
  const from = { x: box.x.low, y: box.y.low }
  const to = { x: box.x.high, y: box.y.high }
  const values = new Float32Array(rows * columns)
  let highest = 0
  for (let row = 0; row < rows; row += 1) {
    const y = from.y + ((row + 0.5) / rows) * (to.y - from.y)
    for (let column = 0; column < columns; column += 1) {
      const x = from.x + ((column + 0.5) / columns) * (to.x - from.x)
      let sum = 0
      for (const point of points) {
        sum += Math.exp(-(((point.x - x) / widthX) ** 2 + ((point.y - y) / widthY) ** 2) / 2)
      }
      values[row * columns + column] = sum
      highest = Math.max(highest, sum)
    }
  }
  if (highest > 0) for (const [index, value] of values.entries()) values[index] = value / highest
  return { columns, rows, from, to, values }
}

/** A side of the map with a margin of a sixth of its length; points on one spot get a side of 1. */
function extent(values: readonly number[]): { low: number; high: number; deviation: number } {
  const low = Math.min(...values, Number.MAX_VALUE)
  const high = Math.max(...values, -Number.MAX_VALUE)
  if (!(high > low)) {
    const centre = values[0] ?? 0
    return { low: centre - 0.5, high: centre + 0.5, deviation: 0.2 }
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const margin = (high - low) / 6
  return { low: low - margin, high: high + margin, deviation: Math.sqrt(variance) }
}
