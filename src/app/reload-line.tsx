import { Button } from '@mantine/core'
import { useAct, useStudioState } from '../features/studio-context.tsx'
import { Notice } from '../ui/notice.tsx'

/** A newer studio than this page is ready. Nothing reloads by itself. */
export function ReloadLine() {
  const act = useAct()
  const reload = useStudioState('offlineCopy', (state) => state.reload)
  if (reload === null) return null
  return (
    <Notice
      tone="quiet"
      role="status"
      testId="reload-line"
      actions={
        <Button
          size="xs"
          data-testid="reload-button"
          onClick={() => act((actions) => actions.reloadStudio())}
        >
          Reload
        </Button>
      }
    >
      <p>
        {reload === 'edition'
          ? 'A new version of the studio is ready.'
          : 'The server of this page has changed; a reload shows what it has now.'}
      </p>
    </Notice>
  )
}
