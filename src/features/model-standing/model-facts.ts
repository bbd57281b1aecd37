import type { ModelView } from '../../chain/model-view.ts'
import type { TargetObjectView, TargetView } from '../../chain/target-view.ts'

/** Why a model's weights cannot be had; null where they can. */
export function whyNotDownloadable(model: ModelView): string | null {
  if (model.downloadable) return null
  if (model.state === 'created') return 'not downloadable: nothing was committed yet'
  if (model.state === 'pending') return 'not downloadable: its key is secret until the reveal'
  return 'not downloadable: slashed before its reveal, so no key was published'
}

/** Targets whose data can be fetched: filled ones, also past their audit window. */
export function filledTargets(targets: readonly TargetView[]): readonly TargetView[] {
  return targets.filter((target) => target.winningModelId !== null)
}

/** Loss and distance as the submission claimed them; null for open targets or where only the list was read. */
export function claimOf(target: TargetView): { readonly loss: number; readonly distance: number } | null {
  const submission = wasReadInFull(target) ? target.submission : null
  const loss = submission?.losses[0]
  return submission && loss !== undefined ? { loss, distance: submission.distance } : null
}

function wasReadInFull(target: TargetView): target is TargetObjectView {
  return 'submission' in target
}

/** Basis points as a percentage: `12.5 %`. */
export function formatBasisPoints(points: bigint | number): string {
  return `${Number(points) / 100} %`
}
