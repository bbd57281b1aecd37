import type { SubmissionView, TargetObjectView } from '../chain/target-view.ts'
import { cosineDistance } from '../strategies/cosine-distance.ts'

/** Which filled targets are wanted. */
export interface TargetFilter {
  /** At most so many, 1 to 1,000. */
  readonly limit: number
  /** Model id. */
  readonly winner?: string | null
  /** Fill epochs, both included. */
  readonly fromEpoch?: number | null
  readonly toEpoch?: number | null
  /** The nearest to this place in embedding space first, by cosine; the newest first without it. */
  readonly near?: ArrayLike<number> | null
  /** Only targets of this region; see `TargetRegions`. */
  readonly region?: number | null
}

/** Regions of embedding space by target id, 0 for the largest. */
export type RegionLabels = ReadonlyMap<string, number>

export interface FilledTarget extends TargetObjectView {
  readonly submission: SubmissionView
}

/** Filled targets that were read in full. */
export function filledOf(known: readonly TargetObjectView[]): FilledTarget[] {
  return known.filter((target): target is FilledTarget => target.submission !== null)
}

/** The filled targets that fit, in the order in which they are taken. */
export function selectTargets(
  known: readonly TargetObjectView[],
  filter: TargetFilter,
  regions: RegionLabels = new Map(),
): FilledTarget[] {
  const { limit, winner, fromEpoch, toEpoch, near, region } = filter
  const epoch = (target: TargetObjectView) => Number(target.fillEpoch ?? 0n)
  const fitting = filledOf(known)
    .filter((target) => !winner || target.winningModelId === winner)
    .filter((target) => epoch(target) >= (fromEpoch ?? 0))
    .filter((target) => epoch(target) <= (toEpoch ?? Number.POSITIVE_INFINITY))
    .filter(({ id }) => region === null || region === undefined || regions.get(id) === region)
  if (!near) return fitting.sort((a, b) => epoch(b) - epoch(a)).slice(0, limit)
  return fitting
    .map((target) => ({ target, distance: cosineDistance(target.submission.embedding, near) }))
    .filter(({ distance }) => !Number.isNaN(distance))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ target }) => target)
}
