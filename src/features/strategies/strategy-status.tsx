import type { ReactNode } from 'react'
import type { StrategyTab } from '../../stores/strategy-store.ts'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { holdsEngine } from '../train/index.ts'
import styles from './strategies.module.css'

/** Why a strategy cannot start now; null where it can. `engine`: it needs the memory of a model. */
export function useWhyNot(engine = true): string | null {
  const job = useStudioState('strategy', (state) => state.job !== null)
  const held = useStudioState('run', (state) => holdsEngine(state.phase))
  const missing = useStudioState('device', (state) => state.status === 'missing')
  const packaging = useStudioState(
    'publish',
    ({ wizard }) => wizard?.stage === 'embed' || wizard?.stage === 'package',
  )
  if (job) return 'A strategy is at work.'
  if (engine && held) return 'A run has the device. Stop it first; its checkpoint is kept.'
  if (engine && packaging) return 'A model is being embedded or packaged on the Publish screen.'
  if (engine && missing) return 'It needs WebGPU.'
  return null
}

/** Progress with Cancel, or why it failed. */
export function StrategyStatus(props: { tab: StrategyTab; kept?: string; children?: ReactNode }) {
  const act = useAct()
  const job = useStudioState('strategy', (state) => state.job)
  const error = useStudioState('strategy', (state) => state.errors[props.tab])
  if (job?.tab === props.tab) {
    return (
      <div className={styles.status} data-testid="strategy-progress">
        <Notice tone="quiet">
          <WorkProgress work={job.work} onCancel={() => act((actions) => actions.cancelStrategy())} />
        </Notice>
      </div>
    )
  }
  if (!error) return null
  if (error.code === 'cancelled') {
    return (
      <Notice tone="quiet" role="status">
        <p>Cancelled. {props.kept ?? 'Nothing was changed.'}</p>
      </Notice>
    )
  }
  return <ErrorNotice error={error} testId="strategy-error" />
}
