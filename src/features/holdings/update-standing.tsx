import type { ModelView } from '../../chain/model-view.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'

/** The update of an active model that waits for its reveal, if there is one. */
export function UpdateStanding({ model: { pendingUpdate, manifest } }: { model: ModelView }) {
  const epoch = useStudioState('network', (state) => state.system?.epoch ?? 0n)
  if (pendingUpdate === null) return null
  const reveal = pendingUpdate.commitEpoch + 1n
  const isSameFile = manifest !== null && equalBytes(pendingUpdate.manifest.checksum, manifest.checksum)
  const what = isSameFile ? 'Another embedding' : 'An update'
  return (
    <Sub testId="pending-update">
      {what} was committed in epoch {`${pendingUpdate.commitEpoch}`}:{' '}
      {epoch < reveal
        ? `reveal it in epoch ${reveal}, on the Publish screen.`
        : `reveal it now, before epoch ${reveal} ends, on the Publish screen.`}
    </Sub>
  )
}
