import type { ModelView } from '../../chain/model-view.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'

/** The commit of a model that waits for its reveal, if there is one, and whether this device can reveal it. */
export function RevealStanding({ model }: { model: ModelView }) {
  const epoch = useStudioState('network', (state) => state.system?.epoch ?? 0n)
  const { id, state, pendingUpdate, manifest } = model
  const committed = state === 'pending' ? model.commitEpoch : (pendingUpdate?.commitEpoch ?? null)
  const isHere = useStudioState('publish', ({ drafts }) =>
    drafts.some(({ modelId, commitDigest, commitEpoch }) => {
      if (modelId !== id || commitDigest === null) return false
      return commitEpoch === null || commitEpoch === Number(committed)
    }),
  )
  if (committed === null) return null
  const reveal = committed + 1n
  const what =
    pendingUpdate === null
      ? 'It'
      : manifest && equalBytes(pendingUpdate.manifest.checksum, manifest.checksum)
        ? 'Another embedding'
        : 'An update'
  const when = epoch < reveal ? `in epoch ${reveal}` : `now, before epoch ${reveal} ends`
  return (
    <Sub testId="reveal-standing">
      {what} was committed in epoch {`${committed}`}: reveal it {when}, on the Publish screen.
      {!isHere && ' Its key and embedding are not on this device: import its reveal bundle there.'}
    </Sub>
  )
}
