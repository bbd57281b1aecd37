import { normalArray } from '../../arrgen/normal-array.ts'
import { breather } from '../../lib/breathe.ts'
import { StudioError } from '../../lib/studio-error.ts'

/** A plane through embedding space on which directions are drawn. */
export interface PrincipalPlane {
  /** Mean of the directions it was made from, [dim]. */
  readonly centre: Float64Array
  /** Two orthonormal axes, [dim] each; the second is zeros where the directions lie on a line. */
  readonly axes: readonly [Float64Array, Float64Array]
  /** Share of the variance that each axis shows. */
  readonly explained: readonly [number, number]
}

export interface MapPoint {
  readonly x: number
  readonly y: number
}

export interface PlaneOptions {
  readonly signal?: AbortSignal
  /** Turns of the power iteration done of the most that there may be; an axis that settles early jumps to its end. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Turns of the power iteration; each multiplies the error by the ratio of two eigenvalues. */
const MOST_TURNS = 300
const CONVERGED = 1e-12

/**
 * The first two principal components of embeddings brought to length 1, which is all that routing sees of them. Power
 * iteration on the covariance, which is never formed. The same input gives the same axes, signs included. Rejects with
 * 'bad-input' where there is nothing to draw, 'cancelled' on abort.
 */
export async function principalPlane(
  embeddings: readonly ArrayLike<number>[],
  { signal, onProgress }: PlaneOptions = {},
): Promise<PrincipalPlane> {
  const dim = embeddings[0]?.length ?? 0
  if (dim === 0 || embeddings.some(({ length }) => length !== dim)) {
    throw new StudioError('bad-input', 'There are no embeddings of one dimension to draw.', {
      hint: 'A map needs at least one revealed model.',
    })
  }
  const rows = embeddings.map(direction)
  const centre = new Float64Array(dim)
  for (const row of rows) for (let unit = 0; unit < dim; unit += 1) centre[unit]! += row[unit]! / rows.length
  for (const row of rows) for (let unit = 0; unit < dim; unit += 1) row[unit]! -= centre[unit]!
  const total = rows.reduce((sum, row) => sum + dot(row, row), 0)
  const breathe = breather(signal)
  const turned = (before: number) => async (turn: number) => {
    onProgress?.(before + turn, 2 * MOST_TURNS)
    await breathe()
  }
  const first = await component(rows, dim, 1n, [], turned(0))
  const second = await component(rows, dim, 2n, [first.axis], turned(MOST_TURNS))
  onProgress?.(2 * MOST_TURNS, 2 * MOST_TURNS)
  const share = (variance: number) => (total > 0 ? variance / total : 0)
  return {
    centre,
    axes: [first.axis, second.axis],
    explained: [share(first.variance), share(second.variance)],
  }
}

/** Where an embedding's direction falls on the plane; also one that the plane was not made from. */
export function projectOnPlane(plane: PrincipalPlane, embedding: ArrayLike<number>): MapPoint {
  const row = direction(embedding)
  for (let unit = 0; unit < row.length; unit += 1) row[unit]! -= plane.centre[unit]!
  return { x: dot(row, plane.axes[0]), y: dot(row, plane.axes[1]) }
}

async function component(
  rows: readonly Float64Array[],
  dim: number,
  seed: bigint,
  before: readonly Float64Array[],
  onTurn: (turn: number) => Promise<void>,
): Promise<{ axis: Float64Array; variance: number }> {
  let axis = Float64Array.from(normalArray(seed, dim))
  removeParts(axis, before)
  normalise(axis)
  let variance = 0
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    await onTurn(turn)
    const next = new Float64Array(dim)
    for (const row of rows) {
      const along = dot(row, axis)
      for (let unit = 0; unit < dim; unit += 1) next[unit]! += along * row[unit]!
    }
    removeParts(next, before)
    variance = normalise(next)
    if (variance < 1e-20) return { axis: new Float64Array(dim), variance: 0 }
    const still = 1 - Math.abs(dot(next, axis)) < CONVERGED
    axis = next
    if (still) break
  }
  // The largest entry points up, so that the map does not flip between two calls.
  const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
  if (largest < 0) for (let unit = 0; unit < dim; unit += 1) axis[unit] = -axis[unit]!
  return { axis, variance }
}

function removeParts(vector: Float64Array, axes: readonly Float64Array[]): void {
  for (const axis of axes) {
    const along = dot(vector, axis)
    for (let unit = 0; unit < vector.length; unit += 1) vector[unit]! -= along * axis[unit]!
  }
}

/** Brings the vector to length 1 and returns the length that it had. */
function normalise(vector: Float64Array): number {
  const length = Math.sqrt(dot(vector, vector))
  if (length > 0) for (let unit = 0; unit < vector.length; unit += 1) vector[unit]! /= length
  return length
}

function direction(embedding: ArrayLike<number>): Float64Array {
  const row = Float64Array.from(embedding)
  normalise(row)
  return row
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let unit = 0; unit < a.length; unit += 1) sum += a[unit]! * b[unit]!
  return sum
}
