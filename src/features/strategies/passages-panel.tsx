import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { PassageKind } from '../../data/split-passages.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { percent } from './forecast-results.tsx'
import { Notes } from './notes.tsx'
import styles from './strategies.module.css'
import { useWhyNot, WhyNot } from './strategy-status.tsx'

const words: Readonly<Record<PassageKind, string>> = {
  paragraph: 'Paragraphs',
  function: 'Functions',
  docstring: 'Docstrings and comments',
}

/** Data cut into passages: what that does to the windows, before it is done. */
export function PassagesPanel() {
  const act = useAct()
  const [kind, setKind] = useState<PassageKind>('paragraph')
  const summary = useStudioState('corpus', (state) => state.summary)
  const whyNot = useWhyNot(false) ?? (summary ? null : 'There is no data yet.')
  return (
    <div className={styles.panel}>
      <Card title="Passages">
        <div className={styles.fields}>
          <NativeSelect
            label="Cut the data into"
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as PassageKind)}
            data={Object.entries(words).map(([value, label]) => ({ value, label }))}
          />
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="split-button"
              disabled={whyNot !== null}
              onClick={() => act((actions) => actions.splitPassages(kind))}
            >
              Show the effect
            </Button>
          </div>
          <WhyNot why={whyNot} />
          <Sub>
            Each passage becomes a document of its own: a window holds something whole, and PAD follows it.
            For data of many short, whole things.
          </Sub>
        </div>
      </Card>
      <div className={styles.column}>
        <Effect />
      </div>
    </div>
  )
}

function Effect() {
  const act = useAct()
  const passages = useStudioState('strategy', (state) => state.passages)
  const whyNot = useWhyNot(false)
  if (!passages) {
    return (
      <Card title="Effect on the windows">
        <div className={styles.empty}>
          <span>How many windows there would be, and how full, before anything changes.</span>
        </div>
      </Card>
    )
  }
  const { effect, kind } = passages
  return (
    <Card title="Effect on the windows">
      <div className={styles.results} data-testid="passages" data-windows={effect.windowsAfter}>
        <Big>
          {formatPlural(effect.passages, 'passage')} of kind {words[kind].toLowerCase()}
        </Big>
        <Rows
          entries={[
            {
              label: 'Windows',
              value: `${formatCount(effect.windowsBefore)} before, ${formatCount(effect.windowsAfter)} after`,
            },
            {
              label: 'Data kept',
              value: `${formatBytes(effect.bytesAfter)} of ${formatBytes(effect.bytesBefore)}`,
            },
            {
              label: 'Positions that hold a byte',
              value: `${percent(effect.filledBefore)} before, ${percent(effect.filledAfter)} after`,
              source: 'The rest is PAD',
            },
          ]}
        />
        <Notes notes={effect.without.map((name) => `${name} holds no such passage and is left out.`)} />
        <div className={styles.buttons}>
          <Button
            disabled={effect.passages === 0 || whyNot !== null}
            onClick={() => act((actions) => actions.takePassages())}
          >
            Train on the passages
          </Button>
          <WhyNot why={whyNot} />
        </div>
      </div>
    </Card>
  )
}
