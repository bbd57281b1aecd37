import { Button } from '@mantine/core'
import type { Phase } from '../../worker/protocol.ts'
import type { Actions } from '../../stores/studio.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import styles from './train.module.css'

/** Why Train cannot be clicked; null where it can. */
export function useWhyNotTrain(): string | null {
  const device = useStudioState('device', (state) => state.status)
  const corpus = useStudioState('corpus', (state) => state.status)
  const hasData = useStudioState('corpus', (state) => state.summary !== null)
  if (device === 'missing') return 'Training needs WebGPU; see the note at the top.'
  if (corpus === 'inspecting') return 'The data is still being read.'
  if (!hasData) return corpus === 'loading' ? 'The bundled text is loading.' : 'Drop some data first.'
  return null
}

/** The two buttons that matter: train or hold, and commit. */
export function RunButtons() {
  const phase = useStudioState('run', (state) => state.phase)
  return (
    <div className={styles.actions}>
      <PhaseButtons phase={phase} />
      <CommitButton phase={phase} />
    </div>
  )
}

function PhaseButtons({ phase }: { phase: Phase }) {
  const act = useAct()
  const whyNot = useWhyNotTrain()
  const canCommit = useStudioState('run', (state) => state.runId !== null && state.checkpoint !== null)
  if (phase === 'running' || phase === 'paused' || phase === 'preparing' || phase === 'stopping') {
    return (
      <>
        {phase === 'paused' ? (
          <Button
            variant="filled"
            size="md"
            data-testid="resume-button"
            onClick={() => act((actions) => actions.resume())}
          >
            Resume <kbd aria-hidden="true">Space</kbd>
          </Button>
        ) : (
          <Button
            size="md"
            data-testid="pause-button"
            disabled={phase !== 'running'}
            onClick={() => act((actions) => actions.pause())}
          >
            Pause <kbd aria-hidden="true">Space</kbd>
          </Button>
        )}
        <Button
          size="md"
          data-testid="stop-button"
          title="Ends the run and keeps a checkpoint of where it stood"
          disabled={phase === 'stopping'}
          onClick={() => act((actions) => actions.stop())}
        >
          Stop
        </Button>
      </>
    )
  }
  return (
    <Button
      variant={canCommit ? 'default' : 'filled'}
      size="md"
      data-testid="train-button"
      disabled={whyNot !== null}
      title={whyNot ?? undefined}
      onClick={() => act((actions) => actions.train())}
    >
      Train
    </Button>
  )
}

/** Commits what is on screen: a run that moves is paused, and steps since the last checkpoint are saved first. */
function CommitButton({ phase }: { phase: Phase }) {
  const act = useAct()
  const { run } = useStudio().stores
  const runId = useStudioState('run', (state) => state.runId)
  const checkpoint = useStudioState('run', (state) => state.checkpoint)
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const live = phase === 'running' || phase === 'paused'
  if (!runId || !(checkpoint || live)) return null
  const settled = phase === 'finished' || phase === 'idle' || phase === 'failed'
  const commit = async (actions: Actions) => {
    if (run.getState().phase === 'running') await actions.pause()
    const { series, checkpoint: newest } = run.getState()
    if (live && series.last('step') !== newest?.step) await actions.save()
    await actions.commit(runId)
  }
  return (
    <Button
      variant={settled ? 'filled' : 'default'}
      size="md"
      data-testid="commit-button"
      disabled={blocked !== null || !(settled || live)}
      title={blocked ?? 'Embedding, package and preview; nothing is sent before you sign'}
      onClick={() => act(commit)}
    >
      Commit
    </Button>
  )
}
