import { Card } from '../../ui/card.tsx'
import { Big } from '../../ui/text.tsx'
import { isTaught, TaughtNote } from '../runs/index.ts'
import { useStudioState } from '../studio-context.tsx'
import styles from './strategies.module.css'

/** Whether the newest distilled run was better for it; nothing before there is one. */
export function LastTaughtCard() {
  const run = useStudioState('runs', (state) => state.runs.find(isTaught))
  if (!run || run.stepsDone < run.recipe.steps) return null
  return (
    <Card title="The last distilled run">
      <div className={styles.results}>
        <Big>{run.name}</Big>
        <TaughtNote run={run} />
      </div>
    </Card>
  )
}
