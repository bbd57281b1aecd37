import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { ownStanding } from '../../stores/own-standing.ts'
import { type Rival, type RivalOrder, readable, sortRivals } from '../../stores/rivals.ts'
import { Card } from '../../ui/card.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { contractWords } from './contract-words.ts'
import { Notes } from './notes.tsx'
import { RivalTable } from './rival-table.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'
import { useRivals, useWhyNotHeldOut } from './use-rivals.ts'

const orders: Readonly<Record<RivalOrder, string>> = {
  wins: 'The most wins first',
  loss: 'The lowest loss on your data first',
  stake: 'The most stake first',
  distance: 'The nearest to you first',
}

const SHOWN = 30

/** Every model of the registry, and my runs, by what decides whose weights are worth having. */
export function RivalsTab() {
  const act = useAct()
  const [order, setOrder] = useState<RivalOrder>('wins')
  const [limit, setLimit] = useState(SHOWN)
  const all = useRivals()
  const rivals = sortRivals(all, order)
  const whyNotHeldOut = useWhyNotHeldOut()
  const standing = ownStanding(all, (rival) => whyNotHeldOut(rival) !== null)
  const notes = useStudioState('strategy', (state) => state.rivalNotes)
  const hasData = useStudioState('corpus', (state) => state.summary !== null)
  const measurable = rivals.filter(readable)
  const missing = measurable.filter(({ score }) => score === null).length
  const busy = useWhyNot()
  const whyNotSave = useWhyNot(false)
  const whyNot =
    busy ??
    (measurable.length === 0 ? 'No model of this network has weights that can be read yet.' : null) ??
    (hasData ? null : 'There is no data yet.')
  return (
    <div className={styles.column}>
      <Card title="Models of this network, and your runs">
        <div className={styles.results}>
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="score-rivals"
              disabled={whyNot !== null || missing === 0}
              title={whyNot ?? undefined}
              onClick={() => act((actions) => actions.scoreRivals())}
            >
              {missing === 0 && measurable.length > 0 ? 'All scored on your data' : 'Score all on your data'}
            </Button>
            <NativeSelect
              aria-label="Order"
              data-testid="rival-order"
              value={order}
              onChange={(event) => setOrder(event.currentTarget.value as RivalOrder)}
              data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
            />
          </div>
          {rivals.length > 0 && <WhyNot why={whyNot} />}
          <StrategyStatus tab="rivals" kept="Losses so far are kept: the same click goes on." />
          {standing && <Big testId="own-standing">{standing}</Big>}
          <Sub>{measureWords(all)}</Sub>
          {rivals.length === 0 ? (
            <div className={styles.empty}>
              <span>{whyNot ?? 'The network lists no models.'}</span>
            </div>
          ) : (
            <RivalTable rivals={rivals.slice(0, limit)} whyNotSave={whyNotSave} />
          )}
          {rivals.length > limit && (
            <Button size="xs" onClick={() => setLimit(limit + SHOWN)}>
              Show more
            </Button>
          )}
          <Notes notes={notes} />
          <Sub>
            Weights are read from their owner’s address, else through the node, else through the bridge. Size
            and checksum are verified; then they are decrypted here. A saved file is the owner’s own
            safetensors: it loads in soma-models for torch and for flax.
          </Sub>
        </div>
      </Card>
    </div>
  )
}

/** What the losses are losses of. */
function measureWords(rivals: readonly Rival[]): string {
  const bytes = rivals.find(({ score }) => score)?.score?.bytes
  const part = bytes === undefined ? 'a sample' : formatBytes(bytes)
  return `${contractWords(`${part} of your data, held out from training`)} Your runs are measured too.`
}
