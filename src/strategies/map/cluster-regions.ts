import { breather } from '../../lib/breathe.ts'
import { cosineDistance } from '../cosine-distance.ts'

export interface RegionClusters {
  /** Cluster of each embedding, 0 for the largest. */
  readonly labels: readonly number[]
  /** Mean directions, in the order of the labels. */
  readonly centres: readonly Float64Array[]
}

export interface ClusterOptions {
  /** Groups at most; 8 unless told. */
  readonly most?: number
  readonly signal?: AbortSignal
  /** Told of each turn; it ends as soon as nothing changes. */
  readonly onProgress?: (done: number, total: number) => void
}

const TURNS = 50

/**
 * Groups embeddings by direction: spherical k-means that begins with the embeddings that lie furthest apart, so the
 * same input gives the same groups. Fewer groups where there are fewer directions. Rejects with 'cancelled' on abort.
 */
export async function clusterRegions(
  embeddings: readonly ArrayLike<number>[],
  options: ClusterOptions = {},
): Promise<RegionClusters> {
  const { most = 8, signal, onProgress } = options
  if (embeddings.length === 0) return { labels: [], centres: [] }
  const breathe = breather(signal)
  let centres = await furthestApart(embeddings, most, breathe)
  let labels: number[] = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    onProgress?.(turn, TURNS)
    const next: number[] = []
    for (const embedding of embeddings) {
      await breathe()
      next.push(nearestOf(embedding, centres))
    }
    const still = next.every((label, index) => label === labels[index])
    labels = next
    if (still) break
    centres = centres.map((centre, label) => meanDirection(embeddings, labels, label) ?? centre)
  }
  const sizes = centres.map((_, label) => labels.filter((one) => one === label).length)
  const order = centres
    .map((_, label) => label)
    .filter((label) => sizes[label]! > 0)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  return {
    labels: labels.map((label) => order.indexOf(label)),
    centres: order.map((label) => centres[label]!),
  }
}

/** Index of the closest centre by cosine; the first on ties. */
export function nearestOf(embedding: ArrayLike<number>, centres: readonly ArrayLike<number>[]): number {
  let best = 0
  let lowest = Number.POSITIVE_INFINITY
  for (const [index, centre] of centres.entries()) {
    const distance = cosineDistance(embedding, centre)
    if (distance < lowest) [best, lowest] = [index, distance]
  }
  return best
}

/** Directions closer than this are one. */
const SAME = 1e-6

async function furthestApart(
  embeddings: readonly ArrayLike<number>[],
  most: number,
  breathe: () => Promise<void>,
): Promise<Float64Array[]> {
  const chosen = [Float64Array.from(embeddings[0]!)]
  const distances = embeddings.map((embedding) => cosineDistance(embedding, chosen[0]!))
  while (chosen.length < most) {
    await breathe()
    const furthest = distances.reduce(
      (best, distance, index) => (distance > distances[best]! ? index : best),
      0,
    )
    if (!(distances[furthest]! > SAME)) break
    const centre = Float64Array.from(embeddings[furthest]!)
    chosen.push(centre)
    for (const [index, embedding] of embeddings.entries()) {
      distances[index] = Math.min(distances[index]!, cosineDistance(embedding, centre))
    }
  }
  return chosen
}

/** Of the members at length 1; undefined for an empty cluster. */
function meanDirection(
  embeddings: readonly ArrayLike<number>[],
  labels: readonly number[],
  label: number,
): Float64Array | undefined {
  let sum: Float64Array | undefined
  for (const [index, embedding] of embeddings.entries()) {
    if (labels[index] !== label) continue
    sum ??= new Float64Array(embedding.length)
    let square = 0
    for (let unit = 0; unit < embedding.length; unit += 1) square += embedding[unit]! ** 2
    const norm = Math.sqrt(square)
    for (let unit = 0; unit < embedding.length; unit += 1) sum[unit]! += embedding[unit]! / norm
  }
  return sum
}
