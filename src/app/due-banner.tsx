import { Button } from '@mantine/core'
import { advanceCosts, leftToUser } from '../features/model-standing/index.ts'
import { useStudioState } from '../features/studio-context.tsx'
import { useDraftNetwork } from '../features/use-draft-network.ts'
import { Notice } from '../ui/notice.tsx'

/** What this epoch's end would cost: commits and reveals that are due in it and in no other, and that no plan of rounds makes. */
export function useDue(): readonly string[] {
  const drafts = useStudioState('publish', (state) => state.drafts)
  const running = useStudioState('rounds', (one) => one.running)
  const state = useStudioState('rounds', (one) => one.state)
  return advanceCosts(leftToUser(drafts, { running, state }), useDraftNetwork())
}

/** On every screen but the one where it is done: a commit or a reveal that cannot wait for the next epoch. */
export function DueBanner() {
  const due = useDue()
  const there = useStudioState('view', (state) => state.screen === 'publish')
  const busy = useStudioState('publish', ({ wizard }) => wizard !== null && wizard.receipt === null)
  if (there || busy || due.length === 0) return null
  return (
    <Notice
      tone="warn"
      role="status"
      testId="due-now"
      actions={
        <Button component="a" href="#publish" variant="filled" size="xs">
          Do it now
        </Button>
      }
    >
      <p>Due in this epoch, and too late in the next one:</p>
      {due.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  )
}
