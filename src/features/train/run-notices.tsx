import { Button } from '@mantine/core'
import { formatCount } from '../../lib/format-count.ts'
import { whyNoHelp } from '../../metrics/why-no-help.ts'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'

/** What the run needs the user to know: an interrupted run, a failure, work under way. */
export function RunNotices() {
  return (
    <>
      <ResumableNotice />
      <FailureNotice />
      <NoHelpNotice />
      <RunProgress />
    </>
  )
}

function ResumableNotice() {
  const act = useAct()
  const run = useStudioState('runs', (state) => state.resumable)
  const idle = useStudioState('run', (state) => state.phase === 'idle')
  if (!run || !idle) return null
  return (
    <Notice
      tone="quiet"
      role="status"
      actions={
        <>
          <Button
            variant="filled"
            size="xs"
            data-testid="resume-run"
            onClick={() => act((actions) => actions.resumeRun(run.id))}
          >
            Resume
          </Button>
          <Button size="xs" onClick={() => act((actions) => actions.dismissResumable())}>
            Dismiss
          </Button>
        </>
      }
    >
      <p>
        {run.name} stopped at step {formatCount(run.stepsDone)} of {formatCount(run.recipe.steps)} when the
        page closed.
      </p>
      {run.checkpoint && (
        <p>
          It continues from its checkpoint at step {formatCount(run.checkpoint.step)}, optimizer and place in
          the data included.
        </p>
      )}
    </Notice>
  )
}

function FailureNotice() {
  const act = useAct()
  const failed = useStudioState('run', (state) => state.phase === 'failed')
  const error = useStudioState('run', (state) => state.error)
  const checkpoint = useStudioState('run', (state) => state.checkpoint)
  if (!error) return null
  const kept = checkpoint ? `The checkpoint of step ${formatCount(checkpoint.step)} is kept.` : undefined
  return (
    <ErrorNotice
      error={error}
      testId="run-error"
      {...(failed && kept ? { kept } : {})}
      actions={
        failed && (
          <Button
            variant="filled"
            size="xs"
            data-testid="recover-button"
            onClick={() =>
              act(async (actions) => {
                await actions.restartTrainer()
                if (checkpoint) await actions.resumeRun(checkpoint.runId)
              })
            }
          >
            {checkpoint ? `Continue from step ${formatCount(checkpoint.step)}` : 'Start a fresh worker'}
          </Button>
        )
      }
    />
  )
}

function NoHelpNotice() {
  const finished = useStudioState('run', (state) => state.phase === 'finished')
  const validation = useStudioState('run', (state) => state.validation)
  const words = finished ? whyNoHelp(validation[0]?.loss, validation.at(-1)?.loss) : null
  if (!words) return null
  return (
    <Notice tone="quiet" role="status" testId="no-help">
      <p>{words}</p>
    </Notice>
  )
}

function RunProgress() {
  const act = useAct()
  const progress = useStudioState('run', (state) => state.progress)
  const phase = useStudioState('run', (state) => state.phase)
  if (!progress) return null
  return (
    <Notice tone="quiet">
      <WorkProgress
        work={progress}
        {...(phase === 'preparing' ? { onCancel: () => act((actions) => actions.cancel()) } : {})}
      />
    </Notice>
  )
}
