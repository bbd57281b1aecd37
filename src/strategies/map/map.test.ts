import { expect, test } from 'vitest'
import { normalArray } from '../../arrgen/normal-array.ts'
import { clusterRegions, nearestOf } from './cluster-regions.ts'
import { densityGrid } from './density-grid.ts'
import { principalPlane, projectOnPlane } from './principal-plane.ts'
import { sparseRegions } from './sparse-regions.ts'
import { umapLayout } from './umap.ts'

/** Points near the unit vector `axis`, spread by `noise` along two known directions. */
const near = (axis: number, dim: number, seed: bigint, noise: number) =>
  normalArray(seed, dim).map((value, unit) => noise * value + (unit === axis ? 1 : 0))

test('the plane holds the two directions of the most variance', async () => {
  // Rows 0, +-1 along unit 3 and +-0.5 along unit 1, on unit 0: before length 1 is taken the answer is exact.
  const rows = [-1, 1].flatMap((sign) => [
    Float32Array.of(4, 0, 0, sign, 0),
    Float32Array.of(4, sign * 0.5, 0, 0, 0),
  ])
  const plane = await principalPlane(rows)
  expect(plane.axes[0][3]).toBeCloseTo(1, 9)
  expect(plane.axes[1][1]).toBeCloseTo(1, 9)
  const along = 1 / Math.sqrt(17)
  const across = 0.5 / Math.sqrt(16.25)
  // Lengths differ, so a little of the variance is along unit 0.
  const lengthwise = (4 / Math.sqrt(16.25) - 4 / Math.sqrt(17)) / 2
  const total = 2 * along ** 2 + 2 * across ** 2 + 4 * lengthwise ** 2
  expect(plane.explained[0]).toBeCloseTo((2 * along ** 2) / total, 9)
  expect(plane.explained[1]).toBeCloseTo((2 * across ** 2) / total, 9)
  expect(projectOnPlane(plane, rows[2]!).x).toBeCloseTo(along, 9)
  expect(
    projectOnPlane(
      plane,
      rows[2]!.map((value) => 7 * value),
    ).x,
  ).toBeCloseTo(along, 6)
})

test('is orthonormal, the same each time, and explains what a full decomposition would', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => near(index % 3, 64, BigInt(index), 0.1))
  const plane = await principalPlane(rows)
  const progress: [number, number][] = []
  const told = await principalPlane(rows, { onProgress: (...now) => progress.push(now) })
  expect(told).toEqual(plane)
  expect(progress.map(([done]) => done)).toEqual(progress.map(([done]) => done).sort((a, b) => a - b))
  expect(progress.at(-1)).toEqual([600, 600])
  const product = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, unit) => sum + value * b[unit]!, 0)
  expect(product(plane.axes[0], plane.axes[0])).toBeCloseTo(1, 12)
  expect(product(plane.axes[0], plane.axes[1])).toBeCloseTo(0, 12)
  // An eigenvector is what its own covariance only stretches.
  const points = rows.map((row) => projectOnPlane(plane, row))
  const mixed = points.reduce((sum, { x, y }) => sum + x * y, 0) / points.length
  expect(Math.abs(mixed)).toBeLessThan(1e-6)
  // Three clusters span a plane: nearly all of what is not noise is on it.
  expect(plane.explained[0] + plane.explained[1]).toBeGreaterThan(0.5)
})

test('one model, or several on a spot, still make a map', async () => {
  const one = await principalPlane([Float32Array.of(1, 2, 3)])
  expect(projectOnPlane(one, Float32Array.of(1, 2, 3))).toEqual({ x: 0, y: 0 })
  expect(one.explained).toEqual([0, 0])
  const grid = densityGrid([{ x: 0, y: 0 }], 5, 5)
  expect(grid.values[12]).toBe(1)
  await expect(principalPlane([])).rejects.toThrow(/at least one|no embeddings/)
})

test('density is highest where the points are', () => {
  const points = [...Array.from({ length: 9 }, (_, index) => ({ x: 0.01 * index, y: 0 })), { x: 1, y: 1 }]
  const grid = densityGrid(points, 20, 20)
  const highest = grid.values.indexOf(1)
  const x = grid.from.x + (((highest % 20) + 0.5) / 20) * (grid.to.x - grid.from.x)
  expect(x).toBeLessThan(0.2)
  expect(grid.from.x).toBeLessThan(0)
  expect(grid.to.y).toBeGreaterThan(1)
})

test('regions with data and without models come first, each once', async () => {
  const models = [near(0, 32, 1n, 0.02), near(0, 32, 2n, 0.02), near(1, 32, 3n, 0.02)]
  const candidates = [0, 1, 2, 2, 2].map((axis, index) => ({
    id: `${axis}-${index}`,
    embedding: near(axis, 32, BigInt(10 + index), 0.02),
  }))
  const [first, second, third, ...rest] = await sparseRegions(candidates, models, { neighbours: 2 })
  expect(first!.id).toMatch(/^2-/)
  expect(first!.members).toHaveLength(3)
  expect(first!.members[0]).toBe(first!.id)
  expect(first!.nearest).toBeLessThan(0.3)
  // Unit 1 has one of the two neighbours, unit 0 both.
  expect([second!.id, third!.id]).toEqual(['1-1', '0-0'])
  expect(rest).toEqual([])
  expect((await sparseRegions(candidates, [], { regions: 1 }))[0]!.crowding).toBe(-1)
})

test('clusters are directions, the largest first, whatever the lengths', async () => {
  const axes = [0, 1, 1, 2, 1, 2]
  const embeddings = axes.map((axis, index) =>
    near(axis, 32, BigInt(20 + index), 0.02).map((value) => value * (1 + index)),
  )
  const { labels, centres } = await clusterRegions(embeddings, { most: 3 })
  expect(labels).toEqual([2, 0, 0, 1, 0, 1])
  expect(nearestOf(near(2, 32, 90n, 0.02), centres)).toBe(1)
  const oneWay = await clusterRegions([
    [1, 0],
    [2, 0],
  ])
  expect(oneWay.centres).toHaveLength(1)
  expect(await clusterRegions([])).toEqual({ labels: [], centres: [] })
})

test('UMAP keeps groups together that a plane lays over each other, the same each time', async () => {
  // Six groups in six directions: a plane can show but three of them apart.
  const axes = Array.from({ length: 60 }, (_, index) => index % 6)
  const embeddings = axes.map((axis, index) => near(axis, 32, BigInt(100 + index), 0.05))
  const points = await umapLayout(embeddings, { neighbours: 8, epochs: 150 })
  const distance = (a: number, b: number) =>
    Math.hypot(points[a]!.x - points[b]!.x, points[a]!.y - points[b]!.y)
  const nearestIsOwn = axes.filter((axis, at) => {
    const others = axes.map((_, index) => index).filter((index) => index !== at)
    const closest = others.reduce((best, index) => (distance(at, index) < distance(at, best) ? index : best))
    return axes[closest] === axis
  })
  expect(nearestIsOwn.length).toBeGreaterThanOrEqual(58)
  expect(await umapLayout(embeddings, { neighbours: 8, epochs: 150 })).toEqual(points)
  expect(await umapLayout(embeddings.slice(0, 1))).toHaveLength(1)
})

test('a map is heard to be cancelled in each of its parts', async () => {
  const rows = Array.from({ length: 9 }, (_, index) => near(index % 3, 8, BigInt(index), 0.1))
  const signal = AbortSignal.abort()
  const parts = [
    () => umapLayout(rows, { signal }),
    () => principalPlane(rows, { signal }),
    () => clusterRegions(rows, { signal }),
    () => sparseRegions([{ id: 'a', embedding: rows[0]! }], rows, { signal }),
  ]
  for (const part of parts) await expect(part()).rejects.toMatchObject({ code: 'cancelled' })
})
