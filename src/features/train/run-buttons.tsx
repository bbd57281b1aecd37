import { Button } from '@mantine/core'
import { type RecipeNumber, recipeBounds } from '../../train/recipe.ts'
import type { Phase } from '../../worker/protocol.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { FitLine } from './fit-card.tsx'
import { holdsEngine } from './phase-words.ts'
import styles from './train.module.css'
import type { RunForecast } from './use-fit.ts'

/** Why Train cannot be clicked; null where it can. */
function useWhyNotTrain(faults: ReadonlySet<RecipeNumber>): string | null {
  const device = useStudioState('device', (state) => state.status)
  const corpus = useStudioState('corpus', (state) => state.status)
  const hasData = useStudioState('corpus', (state) => state.summary !== null)
  if (device === 'missing') return 'Training needs WebGPU; see the note at the top.'
  const [faulty] = faults
  if (faulty) return `“${recipeBounds[faulty].label}” cannot be used yet; see the recipe.`
  if (corpus === 'inspecting') return 'The data is still being read.'
  if (!hasData) return corpus === 'loading' ? 'The bundled text is loading.' : 'Drop some data first.'
  return null
}

/** The two buttons that matter: train or hold, and commit. */
export function RunButtons(props: { faults: ReadonlySet<RecipeNumber>; forecast: RunForecast | null }) {
  const { faults, forecast } = props
  const phase = useStudioState('run', (state) => state.phase)
  return (
    <div className={styles.actions}>
      {!holdsEngine(phase) && <FitLine forecast={forecast} />}
      <PhaseButtons phase={phase} faults={faults} />
      <CommitButton phase={phase} />
    </div>
  )
}

function PhaseButtons({ phase, faults }: { phase: Phase; faults: ReadonlySet<RecipeNumber> }) {
  const act = useAct()
  const whyNot = useWhyNotTrain(faults)
  const canCommit = useStudioState('run', (state) => state.runId !== null && state.checkpoint !== null)
  if (phase === 'running' || phase === 'paused' || phase === 'preparing' || phase === 'stopping') {
    return (
      <>
        {phase === 'paused' ? (
          <Button
            variant="filled"
            size="md"
            px="sm"
            data-testid="resume-button"
            aria-label="Resume"
            aria-keyshortcuts="Space"
            onClick={() => act((actions) => actions.resume())}
          >
            Resume <kbd>Space</kbd>
          </Button>
        ) : (
          <Button
            size="md"
            px="sm"
            data-testid="pause-button"
            aria-label="Pause"
            aria-keyshortcuts="Space"
            disabled={phase !== 'running'}
            onClick={() => act((actions) => actions.pause())}
          >
            Pause <kbd>Space</kbd>
          </Button>
        )}
        <Button
          size="md"
          px="sm"
          data-testid="stop-button"
          title="Ends the run and keeps a checkpoint of where it stood"
          disabled={phase === 'stopping' || phase === 'preparing'}
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
      px="sm"
      data-testid="train-button"
      disabled={whyNot !== null}
      title={whyNot ?? undefined}
      onClick={() => {
        // From here on there is something to lose; some browsers ask, most decide by themselves.
        void navigator.storage?.persist?.().catch(() => {})
        act((actions) => actions.train())
      }}
    >
      Train
    </Button>
  )
}

/** Commits what is on screen: the action pauses a run that moves and saves a checkpoint of it first. */
function CommitButton({ phase }: { phase: Phase }) {
  const act = useAct()
  const runId = useStudioState('run', (state) => state.runId)
  const hasCheckpoint = useStudioState('run', (state) => state.checkpoint !== null)
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const live = phase === 'running' || phase === 'paused'
  const settled = phase === 'finished' || phase === 'idle' || phase === 'failed'
  if (!runId || !(hasCheckpoint || live)) return null
  return (
    <Button
      variant={settled ? 'filled' : 'default'}
      size="md"
      px="sm"
      data-testid="commit-button"
      disabled={blocked !== null || !(settled || live)}
      title={blocked ?? 'Embedding, package and preview; nothing is sent before you sign'}
      onClick={() => act((actions) => actions.commit(runId))}
    >
      Commit
    </Button>
  )
}
