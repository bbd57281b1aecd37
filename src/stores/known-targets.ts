import type { TargetObjectView, TargetView } from '../chain/target-view.ts'
import type { KeptTarget } from '../worker/downloads/target-file.ts'

/** Status of a filled target that only this browser still has: claimed since, or past the end of the network's list. */
export const ARCHIVED = 'archived'

/**
 * The network's list together with what this browser has kept: submissions that were read before are filled in, and
 * filled targets that are not listed any more follow as 'archived'. What was filled after `epoch` belongs to a history
 * that a reset has undone.
 */
export function knownTargets(
  listed: readonly TargetObjectView[],
  kept: readonly KeptTarget[],
  epoch: bigint,
): TargetObjectView[] {
  const byId = new Map(kept.map((target) => [target.id, target]))
  const here = new Set(listed.map(({ id }) => id))
  const known = listed.map((target) => {
    const seen = byId.get(target.id)
    return target.submission || !seen || !isSame(target, seen)
      ? target
      : { ...target, embedding: seen.embedding, submission: seen.submission }
  })
  const gone = kept
    .filter(({ id, fillEpoch }) => !here.has(id) && (fillEpoch ?? 0n) <= epoch)
    .map((target) => ({ ...target, status: ARCHIVED }))
  return [...known, ...gone]
}

/** Whether both are the same fill of a target: a world that was reset has the same ids again. */
export function isSame(a: TargetView, b: TargetView): boolean {
  return a.winningModelId === b.winningModelId && a.fillEpoch === b.fillEpoch && a.submitter === b.submitter
}
