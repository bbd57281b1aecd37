import { useStudioState } from '../studio-context.tsx'
import { RoundsForm } from './rounds-form.tsx'
import { RoundsHistory } from './rounds-history.tsx'
import { RoundsPlan } from './rounds-plan.tsx'
import { RoundsProgress } from './rounds-progress.tsx'
import styles from './strategies.module.css'

/** Keeping at it: a plan of rounds that is approved once, and how far it is. */
export function RoundsTab() {
  const state = useStudioState('rounds', (rounds) => rounds.state)
  const underWay = state !== null && state.ended === null
  return (
    <div className={styles.panel}>
      {underWay ? <RoundsPlan state={state} /> : <RoundsForm />}
      <div className={`${styles.column} ${underWay ? styles.leading : ''}`}>
        <RoundsProgress />
        <RoundsHistory />
      </div>
    </div>
  )
}
