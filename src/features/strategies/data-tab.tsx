import { Button } from '@mantine/core'
import { type ReactNode, useRef } from 'react'
import { Notice } from '../../ui/notice.tsx'
import { LinkButton } from '../../ui/text.tsx'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { ArchiveCard } from './archive-card.tsx'
import { DatasetCards } from './dataset-cards.tsx'
import { Notes } from './notes.tsx'
import { PassagesPanel } from './passages-panel.tsx'
import { SourcesCard } from './sources-card.tsx'
import styles from './strategies.module.css'
import { StrategyStatus } from './strategy-status.tsx'
import { TargetDataPanel } from './target-data-panel.tsx'

const parts: readonly { readonly name: string; readonly content: ReactNode }[] = [
  { name: 'Data of filled targets', content: <TargetDataPanel /> },
  { name: 'Your sources', content: <SourcesCard /> },
  { name: 'Passages', content: <PassagesPanel /> },
  { name: 'Recommended datasets', content: <DatasetCards /> },
  { name: 'Kept in this browser', content: <ArchiveCard /> },
]

/** What to train on: the network's data, the sources and their weights, passages, and where more data can be had. */
export function DataTab() {
  const places = useRef<(HTMLElement | null)[]>([])
  const jump = (index: number) => {
    places.current[index]?.scrollIntoView()
    places.current[index]?.focus({ preventScroll: true })
  }
  return (
    <div className={styles.column}>
      <nav className={`${styles.inline} ${styles.lead}`} aria-label="Parts of this tab">
        {parts.map(({ name }, index) => (
          <LinkButton key={name} onClick={() => jump(index)}>
            {name}
          </LinkButton>
        ))}
      </nav>
      <div className={styles.sticky}>
        <StrategyStatus tab="data" kept="What was fetched is kept: the same click goes on from there." />
        <Added />
      </div>
      {parts.map(({ name, content }, index) => (
        <section
          key={name}
          aria-label={name}
          className={styles.column}
          tabIndex={-1}
          ref={(place) => {
            places.current[index] = place
          }}
        >
          {content}
        </section>
      ))}
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
