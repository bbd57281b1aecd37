import { embeddingCommitment } from '../../chain/commitments.ts'
import type { ModelView } from '../../chain/model-view.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { toHex } from '../../lib/hex.ts'
import type { DraftState, ModelDraft } from '../../stores/publish-store.ts'
import type { TimelineEntry } from '../../ui/timeline.tsx'

// A model can be updated as often as its owner likes: weights with an embedding, or an embedding alone. Until the
// reveal it competes with what it has, and an update that is missed costs nothing (protocol 5.2, 5.3, 5.6).

/** Whether the model competes with something else than what this draft revealed. */
export function isReplaced(draft: ModelDraft, model: ModelView): boolean {
  if (model.state !== 'active' || model.embedding === null) return false
  const { embedding, weightsCommitment, decryptionKey } = model
  return !(
    weightsCommitment !== null &&
    toHex(weightsCommitment) === draft.weightsChecksum &&
    decryptionKey !== null &&
    toHex(decryptionKey) === draft.key &&
    embedding.length === draft.embedding.length &&
    embedding.every((value, index) => value === draft.embedding[index])
  )
}

/** Where an update stands, by the registry: a commit that was dropped or overwritten leaves it 'packaged' again. */
export function updateState(draft: ModelDraft, model: ModelView): DraftState {
  if (model.state === 'inactive') return 'inactive'
  if (draft.commitDigest === null) return 'packaged'
  if (isWaiting(draft, model)) return 'pending'
  if (!isReplaced(draft, model)) return 'active'
  return draft.revealDigest === null ? 'packaged' : 'replaced'
}

/** Whether the update that the registry holds is this one. */
function isWaiting(draft: ModelDraft, { pendingUpdate }: ModelView): boolean {
  return (
    pendingUpdate !== null &&
    toHex(pendingUpdate.weightsCommitment) === draft.weightsChecksum &&
    equalBytes(pendingUpdate.embeddingCommitment, embeddingCommitment(Float32Array.from(draft.embedding)))
  )
}

/** What an update is, in a few words. */
export function purposeWords({ purpose }: ModelDraft): string | null {
  if (purpose === 'model') return null
  return purpose === 'embedding' ? 'Another embedding, same weights' : 'Other weights and embedding'
}

/** What has to be done next about an update; `committed` is the epoch of its commit. */
export function updateSentence(state: DraftState, committed: number | null): string {
  switch (state) {
    case 'pending':
      return `Reveal it in epoch ${(committed ?? 0) + 1}, and only then; until then the model competes with what it has.`
    case 'active':
      return 'In force: the model competes with it for the targets that are made from now on.'
    case 'replaced':
      return 'Replaced: the model competes with what a later reveal brought.'
    case 'inactive':
      return 'The model is inactive for good; nothing of it can be updated.'
    default:
      return committed === null
        ? 'Saved on this device; commit it in any epoch, and reveal it in the next.'
        : `Its commit of epoch ${committed} was not revealed in time, or another took its place. Nothing was lost: commit it again.`
  }
}

/** What a missed reveal of an update costs: only itself. */
export function missedUpdateSentence(name: string, committed: number | null): string {
  return `If epoch ${(committed ?? 0) + 1} ends without the reveal, the update is dropped. ${name} keeps what it has, none of its stake is lost, and the update can be committed again.`
}

/** The life of an update, past and ahead. */
export function updateTimeline(
  state: DraftState,
  committed: number | null,
  window: 'ahead' | 'open' | 'missed',
): TimelineEntry[] {
  const isIn = state === 'active' || state === 'replaced'
  const isCommitted = isIn || state === 'pending'
  const reveal =
    isCommitted && committed !== null ? `, epoch ${committed + 1}` : ', one epoch after the commit'
  return [
    {
      text: isCommitted ? `Update committed, epoch ${committed}` : 'Commit the update, in any epoch',
      state: isCommitted ? 'done' : state === 'packaged' ? 'now' : 'missed',
    },
    {
      text: isIn ? `Revealed${reveal}` : `Reveal${reveal}${window === 'open' ? ' only (now)' : ''}`,
      state: isIn ? 'done' : state === 'pending' && window !== 'ahead' ? 'now' : 'ahead',
    },
    {
      text: state === 'replaced' ? 'In force, then replaced' : 'In force for new targets',
      state: state === 'replaced' ? 'done' : state === 'active' ? 'now' : 'ahead',
    },
  ]
}
