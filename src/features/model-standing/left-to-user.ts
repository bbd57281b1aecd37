import type { ModelDraft } from '../../stores/publish-store.ts'
import type { RoundsState } from '../../stores/rounds-store.ts'

/**
 * Drafts that no plan of rounds takes care of by itself: all but those of one that is carried out now. One that stands still
 * or whose reveal failed waits for its user, as do its drafts.
 */
export function leftToUser(
  drafts: readonly ModelDraft[],
  { running, state }: Pick<RoundsState, 'running' | 'state'>,
): readonly ModelDraft[] {
  if (!running || !state || state.ended || state.halted || state.reveal?.error) return drafts
  const { reveal, draftId, activity } = state
  return drafts.filter(({ id }) => id !== reveal?.draftId && !(id === draftId && activity === 'commit'))
}
