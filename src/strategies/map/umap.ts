import { breather } from '../../lib/breathe.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { unitVector } from '../routing/cosine-source.ts'
import { type MapPoint, principalPlane, projectOnPlane } from './principal-plane.ts'

export interface UmapOptions {
  /** Neighbours that a point is held by; 15 unless told. */
  readonly neighbours?: number
  readonly epochs?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** The curve 1 / (1 + a d^2b) that fits a smallest distance of 0.1 in the picture. */
const [A, B] = [1.577, 0.8951]
/** Points pushed away for each pull. */
const NEGATIVES = 5
const MOST_MOVE = 4
/** All pairs are compared. */
const MOST_POINTS = 4000

/**
 * Two-dimensional layout of embeddings by UMAP (McInnes, Healy and Melville 2018) with cosine distances and exact
 * neighbours, begun from the principal plane: near points stay near, which a plane cannot promise. Distances between
 * groups mean little. The same input gives the same layout. 'bad-input' above 4,000 points, 'cancelled' on abort.
 */
export async function umapLayout(
  embeddings: readonly Float32Array[],
  options: UmapOptions = {},
): Promise<MapPoint[]> {
  const { epochs = 300, signal } = options
  if (embeddings.length > MOST_POINTS) {
    throw new StudioError('bad-input', `${embeddings.length} points are too many for this map.`, {
      hint: `Draw at most ${MOST_POINTS}, or use the plane.`,
    })
  }
  const plane = await principalPlane(embeddings, signal ? { signal } : {})
  const places = spreadOut(embeddings.map((embedding) => projectOnPlane(plane, embedding)))
  const neighbours = Math.min(options.neighbours ?? 15, embeddings.length - 1)
  if (neighbours < 1) return places
  const edges = fuzzyEdges(await nearest(embeddings, neighbours, signal), neighbours)
  const strongest = edges.reduce((most, { weight }) => Math.max(most, weight), 0)
  const random = randomBelow(42)
  const breathe = breather(signal)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    await breathe()
    const rate = 1 - epoch / epochs
    for (const { from, to, weight } of edges) {
      // An edge is pulled in as many epochs as its weight says.
      const share = weight / strongest
      if (Math.floor((epoch + 1) * share) === Math.floor(epoch * share)) continue
      pull(places[from]!, places[to]!, rate)
      for (let turn = 0; turn < NEGATIVES; turn += 1) {
        const other = random(places.length)
        if (other !== from) push(places[from]!, places[other]!, rate)
      }
    }
    options.onProgress?.(epoch + 1, epochs)
  }
  return places
}

interface Place {
  x: number
  y: number
}

function pull(from: Place, to: Place, rate: number): void {
  const square = (from.x - to.x) ** 2 + (from.y - to.y) ** 2
  if (square === 0) return
  const slope = (-2 * A * B * square ** (B - 1)) / (1 + A * square ** B)
  const [dx, dy] = [clipped(slope * (from.x - to.x)), clipped(slope * (from.y - to.y))]
  from.x += rate * dx
  from.y += rate * dy
  to.x -= rate * dx
  to.y -= rate * dy
}

function push(from: Place, other: Place, rate: number): void {
  const square = (from.x - other.x) ** 2 + (from.y - other.y) ** 2
  if (square === 0) return
  const slope = (2 * B) / ((0.001 + square) * (1 + A * square ** B))
  from.x += rate * clipped(slope * (from.x - other.x))
  from.y += rate * clipped(slope * (from.y - other.y))
}

const clipped = (value: number) => Math.max(-MOST_MOVE, Math.min(MOST_MOVE, value))

/** Scaled to 10 in the longer direction, with a trace of disorder so that no two points coincide. */
function spreadOut(points: readonly MapPoint[]): Place[] {
  const size = points.reduce((most, { x, y }) => Math.max(most, Math.abs(x), Math.abs(y)), 1e-9)
  const random = randomBelow(7)
  const jitter = () => (random(1000) / 1000 - 0.5) * 1e-2
  return points.map(({ x, y }) => ({ x: (10 * x) / size + jitter(), y: (10 * y) / size + jitter() }))
}

interface Neighbour {
  readonly index: number
  /** 1 - cosine. */
  readonly distance: number
}

async function nearest(
  embeddings: readonly Float32Array[],
  count: number,
  signal: AbortSignal | undefined,
): Promise<Neighbour[][]> {
  const breathe = breather(signal)
  const units = embeddings.map(unitVector)
  const found: Neighbour[][] = []
  for (const [row, unit] of units.entries()) {
    await breathe()
    const all = units.map((other, index): Neighbour => {
      let cosine = 0
      for (let at = 0; at < unit.length; at += 1) cosine += unit[at]! * other[at]!
      return { index, distance: Math.max(0, 1 - cosine) }
    })
    found.push(
      all
        .filter(({ index }) => index !== row)
        .sort((a, b) => a.distance - b.distance)
        .slice(0, count),
    )
  }
  return found
}

interface Edge {
  readonly from: number
  readonly to: number
  readonly weight: number
}

/** Membership exp(-(d - nearest) / width), the width such that a point has log2(k) neighbours; a + b - ab both ways. */
function fuzzyEdges(neighbours: readonly Neighbour[][], count: number): Edge[] {
  const weights = new Map<string, { from: number; to: number; ways: number[] }>()
  for (const [from, near] of neighbours.entries()) {
    const least = near[0]!.distance
    const width = bandwidth(near, least, Math.log2(Math.max(2, count)))
    for (const { index: to, distance } of near) {
      const key = from < to ? `${from} ${to}` : `${to} ${from}`
      const edge = weights.get(key) ?? { from: Math.min(from, to), to: Math.max(from, to), ways: [] }
      edge.ways.push(Math.exp(-(distance - least) / width))
      weights.set(key, edge)
    }
  }
  return [...weights.values()].map(({ from, to, ways: [a = 0, b = 0] }) => ({
    from,
    to,
    weight: a + b - a * b,
  }))
}

/** By bisection; the sum grows with the width. */
function bandwidth(near: readonly Neighbour[], least: number, wanted: number): number {
  let [low, high] = [1e-9, 10]
  for (let turn = 0; turn < 60; turn += 1) {
    const middle = (low + high) / 2
    const sum = near.reduce((total, { distance }) => total + Math.exp(-(distance - least) / middle), 0)
    if (sum < wanted) low = middle
    else high = middle
  }
  return high
}

/** Bits that are the same each time (a linear congruential generator, its upper half). */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}
