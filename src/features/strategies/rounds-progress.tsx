import { Button } from '@mantine/core'
import { nextReveal, type RoundState } from '../../strategies/rounds/rounds.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { Timeline } from '../../ui/timeline.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { AdvanceEpochButton } from '../network/index.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { roundSteps, standing } from './round-steps.ts'
import styles from './strategies.module.css'

/** How far the plan is, what it waits for, and the ways to stop it. */
export function RoundsProgress() {
  const { state, running, work } = useStudioState('rounds', (rounds) => rounds)
  const step = useStudioState('run', ({ runId, series, revision }) =>
    revision > 0 && runId === state?.subject.runId ? (series.last('step') ?? null) : null,
  )
  const act = useAct()
  if (!state) {
    return (
      <Card title="Progress">
        <div className={styles.empty}>
          <span>
            A plan trains, measures, publishes the best and goes on, round after round. You approve it once
            and can stop it at any point.
          </span>
        </div>
      </Card>
    )
  }
  return (
    <Card
      title={state.subject.runName}
      action={
        state.ended ? (
          <Button size="xs" data-testid="rounds-forget" onClick={() => act((all) => all.forgetRounds())}>
            Clear
          </Button>
        ) : (
          <StopButtons state={state} />
        )
      }
    >
      <div
        className={styles.results}
        data-testid="rounds"
        data-round={state.round}
        data-activity={state.activity}
        data-work={work ?? ''}
        data-ended={state.ended ?? ''}
        data-owed={state.reveal ? state.reveal.commitEpoch + 1 : ''}
      >
        <div role="status">
          <Big>{standing(state, running)}</Big>
          <Sub>
            {state.ended ? 'Published to' : 'Publishes to'} {state.subject.placeName}.{owedSentence(state)}
          </Sub>
        </div>
        {!state.ended && (
          <>
            <Attention state={state} running={running} />
            {state.activity !== 'rest' && <Timeline entries={roundSteps(state, step)} />}
            {running && work && <LiveWork />}
          </>
        )}
      </div>
    </Card>
  )
}

/** A reveal that does not hold up what is being done. */
function owedSentence({ reveal, activity, ended }: RoundState): string {
  if (!reveal || ended || activity === 'rest' || activity === 'commit') return ''
  return ` Round ${reveal.round} is revealed in epoch ${reveal.commitEpoch + 1}, beside this.`
}

/** What stands in the way, with the button that goes on. */
function Attention({ state, running }: { state: RoundState; running: boolean }) {
  const act = useAct()
  const { view } = useStudio().stores
  const speed = useStudioState('network', ({ network, clock }) =>
    network.kind === 'practice' ? (clock?.speed ?? null) : null,
  )
  const asked = useStudioState('publish', ({ wizard }) => Boolean(wizard?.review ?? wizard?.hosting))
  const error = state.halted ?? state.reveal?.error ?? null
  const goOn = (
    <Button
      size="xs"
      variant="filled"
      data-testid="rounds-resume"
      onClick={() => act((all) => all.resumeRounds())}
    >
      Go on
    </Button>
  )
  if (!running) {
    return (
      <Notice tone="warn" actions={goOn} testId="rounds-interrupted">
        <p>The page was closed while this plan was under way.</p>
        <p>
          Its checkpoints with the optimizer state, its packages and keys are kept. It goes on where it stood.
        </p>
      </Notice>
    )
  }
  if (error) return <ErrorNotice error={error} actions={goOn} testId="rounds-error" />
  if (state.plan.confirm === 'each' && asked) {
    return (
      <Notice
        tone="warn"
        role="status"
        actions={
          <Button size="xs" onClick={() => view.setState({ screen: 'publish' })}>
            Open Publish
          </Button>
        }
      >
        <p>This plan waits for your answer on the Publish screen.</p>
      </Notice>
    )
  }
  const waits = state.reveal && (state.activity === 'rest' || state.activity === 'commit')
  if (!waits || nextReveal(state)) return null
  return (
    <Notice
      tone="quiet"
      role="status"
      testId="rounds-waits"
      {...(speed === 'click' ? { actions: <AdvanceEpochButton /> } : {})}
    >
      <p>
        It waits for epoch {state.reveal!.commitEpoch + 1}
        {speed === 'click'
          ? ', which begins when you say so.'
          : '. Keep the page open: it goes on by itself.'}
      </p>
    </Notice>
  )
}

/** What the worker says about the part under way; training has the Train screen. */
function LiveWork() {
  const { view } = useStudio().stores
  const preparing = useStudioState('run', (run) => run.progress)
  const measuring = useStudioState('rounds', (rounds) => rounds.progress)
  const progress = measuring ?? preparing
  const training = useStudioState('run', ({ phase }) => phase === 'running' || phase === 'paused')
  if (progress) return <WorkProgress work={progress} />
  if (!training) return null
  return (
    <div className={styles.buttons}>
      <Button size="xs" onClick={() => view.setState({ screen: 'train' })}>
        Show the curves
      </Button>
    </div>
  )
}

function StopButtons({ state }: { state: RoundState }) {
  const act = useAct()
  const { reveal, stopping } = state
  if (!reveal) {
    return (
      <Button
        size="xs"
        data-testid="rounds-stop"
        disabled={stopping}
        onClick={() => act((all) => all.stopRounds())}
      >
        {stopping ? 'Stopping' : 'Stop'}
      </Button>
    )
  }
  return (
    <div className={styles.buttons}>
      {!stopping && (
        <Button
          size="xs"
          data-testid="rounds-stop"
          title={`The reveal of epoch ${reveal.commitEpoch + 1} is still made`}
          onClick={() => act((all) => all.stopRounds())}
        >
          Stop after the reveal
        </Button>
      )}
      <ConfirmButton
        size="xs"
        variant="subtle"
        color="red"
        label="Stop now"
        testId="rounds-leave"
        question="Stop without the reveal?"
        confirmLabel="Stop, I reveal it myself"
        onConfirm={() => act((all) => all.stopRounds(true))}
      >
        The commit of epoch {reveal.commitEpoch} must be revealed in epoch {reveal.commitEpoch + 1}, and only
        then. You can do that on the Publish screen, where its package and key are kept.{' '}
        {reveal.isFirst
          ? 'If it is missed, part of the stake is lost and the model is inactive for good.'
          : 'If it is missed, the update is dropped and the model goes on with what it has.'}
      </ConfirmButton>
    </div>
  )
}
