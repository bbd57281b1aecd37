import type { RunRecord } from '../worker/protocol.ts'

type Divided = Pick<RunRecord['corpus'], 'digest' | 'split'>

/** Whether the same bytes are kept for validation; records from before the split was stored do not say so. */
export function isHeldOutAs({ split }: Divided, other: Divided): boolean {
  return split !== undefined && split === other.split
}

/** Why a run may have been trained on what is held out of the data now; null where it was not. */
export function whyNotHeldOut(run: Divided, now: Divided): string | null {
  if (run.digest !== now.digest) return 'trained on other data: it may have seen some of this'
  return isHeldOutAs(run, now)
    ? null
    : 'from before this data was divided as now: it may have seen some of this'
}
