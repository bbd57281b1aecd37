import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { DEFAULT_BUDGET } from '../../stores/archive-store.ts'
import { ARCHIVED } from '../../stores/known-targets.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'
import styles from './strategies.module.css'

const budgets = [0, 64e6, DEFAULT_BUDGET, 1e9, 4e9]

/** What this browser keeps of the network's filled targets, how much of it, and the way to forget it. */
export function ArchiveCard() {
  const act = useAct()
  const archive = useStudioState('archive', (state) => state)
  const gone = useKnownTargets().filter(({ status }) => status === ARCHIVED).length
  const [asks, setAsks] = useState(false)
  const { targets, data, manifestBytes, dataBytes, budget, keeping, missing } = archive
  const sizes = [...new Set([...budgets, budget])].sort((a, b) => a - b)
  return (
    <Card title="Kept in this browser">
      <div
        className={styles.results}
        data-testid="archive"
        data-targets={targets.length}
        data-kept={data.size}
        data-gone={gone}
      >
        <Sub>
          A target is deleted when somebody claims it. Each filled target that is seen is kept here with its
          embedding, winner, loss and distance, and its data while there is room: for gaps, the map and
          downloads.
        </Sub>
        <div>
          {formatPlural(targets.length, 'target')} of this network, {formatCount(data.size)} with data;{' '}
          {gone === 0 ? 'all are still listed' : `${formatCount(gone)} no longer listed`}. All networks
          together: {formatBytes(manifestBytes)} of manifests, {formatBytes(dataBytes)} of data.
          {keeping && ` Fetching data, ${keeping.done} of ${keeping.total}.`}
          {missing > 0 && ` The data of ${formatPlural(missing, 'target')} could not be had from any host.`}
        </div>
        <div className={styles.buttons}>
          <NativeSelect
            size="xs"
            aria-label="Room for data"
            data-testid="archive-budget"
            value={`${budget}`}
            onChange={(event) => {
              const bytes = Number(event.currentTarget.value)
              act((actions) => actions.setArchiveBudget(bytes))
            }}
            data={sizes.map((bytes) => ({
              value: `${bytes}`,
              label: bytes === 0 ? 'Manifests only, no data' : `Up to ${formatBytes(bytes)} of data`,
            }))}
          />
          {asks ? (
            <>
              <Button
                size="xs"
                color="red"
                data-testid="archive-clear-confirm"
                onClick={() => {
                  setAsks(false)
                  act((actions) => actions.clearArchive())
                }}
              >
                Forget all of it
              </Button>
              <Button size="xs" onClick={() => setAsks(false)}>
                Keep it
              </Button>
            </>
          ) : (
            <Button size="xs" data-testid="archive-clear" onClick={() => setAsks(true)}>
              Clear…
            </Button>
          )}
          <Sub>
            {asks
              ? `What is no longer listed (${formatPlural(gone, 'target')} here) cannot be had again.`
              : 'When it is full, the data that was kept first goes first.'}
          </Sub>
        </div>
      </div>
    </Card>
  )
}
