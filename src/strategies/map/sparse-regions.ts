import { breather } from '../../lib/breathe.ts'
import { cosineDistance } from '../cosine-distance.ts'

/** A place in embedding space with data: a filled target's data as a model embeds it. */
export interface RegionCandidate {
  readonly id: string
  readonly embedding: Float32Array
}

export interface SparseRegion {
  /** The candidate at its centre. */
  readonly id: string
  readonly embedding: Float32Array
  /** Mean cosine to the nearest models: low where nobody is. */
  readonly crowding: number
  /** The nearest model's cosine. */
  readonly nearest: number
  /** Candidates whose data belongs to the region, the nearest first: what to train on. */
  readonly members: readonly string[]
}

export interface SparseOptions {
  /** Models that make up a neighbourhood; 5 unless told. */
  readonly neighbours?: number
  readonly regions?: number
  /** Members listed for a region at most. */
  readonly members?: number
  /** A region's members are at least this close to its centre, cosine; 0.9 unless told. */
  readonly radius?: number
  readonly signal?: AbortSignal
  /** Told of each candidate. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Regions where there is data but few models: candidates by the mean cosine of their nearest models, the lowest first,
 * passing over those within the radius of a region already named. Rejects with 'cancelled' on abort.
 */
export async function sparseRegions(
  candidates: readonly RegionCandidate[],
  models: readonly ArrayLike<number>[],
  options: SparseOptions = {},
): Promise<SparseRegion[]> {
  const { neighbours = 5, regions = 8, members = 50, radius = 0.9 } = options
  const breathe = breather(options.signal)
  const all = []
  for (const { id, embedding } of candidates) {
    await breathe()
    all.push({ id, embedding, ...crowdingAt(embedding, models, neighbours) })
    options.onProgress?.(all.length, candidates.length)
  }
  const scored = all.filter(({ crowding }) => !Number.isNaN(crowding)).sort((a, b) => a.crowding - b.crowding)
  const found: SparseRegion[] = []
  for (const centre of scored) {
    if (found.length === regions) break
    await breathe()
    if (found.some(({ embedding }) => cosine(embedding, centre.embedding) >= radius)) continue
    const near = scored
      .map(({ id, embedding }) => ({ id, closeness: cosine(embedding, centre.embedding) }))
      .filter(({ closeness }) => closeness >= radius)
      .sort((a, b) => b.closeness - a.closeness)
      .slice(0, members)
    found.push({ ...centre, members: near.map(({ id }) => id) })
  }
  return found
}

/** Mean and largest cosine of the `neighbours` nearest models; -1, the loneliest, where there are none. */
export function crowdingAt(
  embedding: ArrayLike<number>,
  models: readonly ArrayLike<number>[],
  neighbours: number,
): { crowding: number; nearest: number } {
  const cosines = models
    .map((model) => cosine(embedding, model))
    .sort((a, b) => b - a)
    .slice(0, Math.max(1, neighbours))
  if (cosines.length === 0) return { crowding: -1, nearest: -1 }
  return { crowding: cosines.reduce((sum, one) => sum + one, 0) / cosines.length, nearest: cosines[0]! }
}

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => 1 - cosineDistance(a, b)
