import { Button } from '@mantine/core'
import { isHeldOutAs } from '../../stores/held-out.ts'
import { Sub } from '../../ui/text.tsx'
import type { RunRecord } from '../../worker/protocol.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { holdsEngine } from '../train/index.ts'
import { taughtWords, trainedAlone } from './taught-or-alone.ts'

/** How a distilled run compares with training alone, or what to train to know it. Nothing for other runs. */
export function TaughtNote({ run }: { run: RunRecord }) {
  const act = useAct()
  const { view, strategy } = useStudio().stores
  const runs = useStudioState('runs', (state) => state.runs)
  const summary = useStudioState('corpus', (state) => state.summary)
  const busy = useStudioState('run', (state) => holdsEngine(state.phase))
  const working = useStudioState('strategy', (state) => state.job !== null)
  const alone = trainedAlone(run, runs)
  const words = taughtWords(run, alone)
  if (!words) return null
  const whyNot =
    (busy ? 'A run is under way; stop it first.' : null) ??
    (working ? 'Work on the Strategies screen is under way.' : null) ??
    (run.provenance?.recipe ? null : 'How it was set up is not known.') ??
    (summary?.digest === run.corpus.digest
      ? null
      : 'The data on the Train screen is not what it was trained on.') ??
    (summary && isHeldOutAs(run.corpus, summary)
      ? null
      : 'It began before data was divided into training and validation as now: no new run compares with it.')
  return (
    <>
      <Sub testId="taught-or-alone">{words}</Sub>
      {!alone && (
        <div>
          <Button
            size="xs"
            my={4}
            data-testid="train-alone"
            disabled={whyNot !== null}
            title={
              whyNot ??
              'Alpha 1: the teacher is only measured, so that loss and embedding can be compared. Its progress is on the Recipes tab, then on Train.'
            }
            onClick={() => {
              strategy.setState({ tab: 'recipes' })
              view.setState({ screen: 'strategies' })
              act((actions) => actions.trainAlone(run.id))
            }}
          >
            Train the same without a teacher
          </Button>
          {whyNot && <Sub>{whyNot}</Sub>}
        </div>
      )}
    </>
  )
}
