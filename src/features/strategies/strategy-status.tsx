import type { ReactNode } from 'react'
import type { StrategyTab } from '../../stores/strategy-store.ts'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { holdsEngine } from '../train/index.ts'
import styles from './strategies.module.css'
import { tabNames } from './tab-names.ts'

/** Why a strategy cannot start now; null where it can. `engine`: it needs the memory of a model. */
export function useWhyNot(engine = true): string | null {
  const busy = useStudioState('strategy', ({ job }) => job?.tab ?? null)
  const held = useStudioState('run', (state) => holdsEngine(state.phase))
  const missing = useStudioState('device', (state) => state.status === 'missing')
  const packaging = useStudioState(
    'publish',
    ({ wizard }) => wizard?.stage === 'embed' || wizard?.stage === 'package',
  )
  if (busy) return `Work on the tab ${tabNames[busy]} is under way: wait for it, or cancel it there.`
  if (engine && held) return 'A run has the device. Stop it first; its checkpoint is kept.'
  if (engine && packaging) return 'A model is being embedded or packaged on the Publish screen.'
  if (engine && missing) return 'It needs WebGPU.'
  return null
}

/** The reason beside a button; while work of this very tab goes on, its progress says enough. */
export function WhyNot({ why, testId }: { why: string | null; testId?: string }) {
  const own = useStudioState('strategy', ({ job, tab }) => job?.tab === tab)
  if (!why || own) return null
  return <Sub {...(testId === undefined ? {} : { testId })}>{why}</Sub>
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
