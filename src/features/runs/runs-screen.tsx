import { Card } from '../../ui/card.tsx'
import { ScreenLink, Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'
import { RunItem } from './run-item.tsx'
import styles from './runs.module.css'
import { StorageCard } from './storage-card.tsx'

/** Every run kept on this device. */
export function RunsScreen() {
  const loaded = useStudioState('runs', (state) => state.loaded)
  const runs = useStudioState('runs', (state) => state.runs)
  return (
    <div className={styles.screen}>
      <Card title="Runs on this device">
        {!loaded && <Sub>Reading the list…</Sub>}
        {loaded && runs.length === 0 && (
          <Sub>
            No runs yet. The first one starts on the <ScreenLink href="#train">Train screen</ScreenLink>.
          </Sub>
        )}
        <ul className={styles.list}>
          {runs.map((run) => (
            <RunItem key={run.id} run={run} />
          ))}
        </ul>
      </Card>
      <StorageCard />
    </div>
  )
}
