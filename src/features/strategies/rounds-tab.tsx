import { useStudioState } from '../studio-context.tsx'
import { RoundsForm } from './rounds-form.tsx'
import { RoundsHistory } from './rounds-history.tsx'
import { RoundsProgress } from './rounds-progress.tsx'
import styles from './strategies.module.css'

/** Keeping at it: a plan of rounds that is approved once, and how far it is. */
export function RoundsTab() {
  const state = useStudioState('rounds', (rounds) => rounds.state)
  return (
    <div className={styles.panel}>
      <RoundsForm busy={state !== null && state.ended === null} />
      <div className={styles.column}>
        <RoundsProgress />
        <RoundsHistory />
      </div>
    </div>
  )
}
