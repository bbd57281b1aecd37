import { Button } from '@mantine/core'
import { Notice } from '../../ui/notice.tsx'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { DatasetCards } from './dataset-cards.tsx'
import { Notes } from './notes.tsx'
import { PassagesPanel } from './passages-panel.tsx'
import { SourcesCard } from './sources-card.tsx'
import styles from './strategies.module.css'
import { StrategyStatus } from './strategy-status.tsx'
import { TargetDataPanel } from './target-data-panel.tsx'

/** What to train on: the network's data, the sources and their weights, passages, and where more data can be had. */
export function DataTab() {
  return (
    <div className={styles.column}>
      <div className={styles.sticky}>
        <StrategyStatus tab="data" kept="What was fetched is kept: the same click goes on from there." />
        <Added />
      </div>
      <TargetDataPanel />
      <SourcesCard />
      <PassagesPanel />
      <DatasetCards />
    </div>
  )
}

/** What was added last, and the way to train on it. */
function Added() {
  const { view, strategy } = useStudio().stores
  const added = useStudioState('strategy', (state) => state.added)
  if (!added) return null
  return (
    <Notice
      tone="quiet"
      role="status"
      testId="data-added"
      actions={
        <>
          <Button size="xs" onClick={() => view.setState({ screen: 'train' })}>
            Open Train
          </Button>
          <Button size="xs" onClick={() => strategy.setState({ added: null })}>
            Close
          </Button>
        </>
      }
    >
      <Notes notes={added} />
    </Notice>
  )
}
