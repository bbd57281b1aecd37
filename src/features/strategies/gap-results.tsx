import { Button, NativeSelect } from '@mantine/core'
import { useMemo, useState } from 'react'
import { formatPlural } from '../../lib/format-count.ts'
import { gapRows } from '../../stores/gap-rows.ts'
import type { GapView } from '../../stores/strategy-store.ts'
import { gapsByRegion, type RegionGap } from '../../strategies/gaps/gap-table.ts'
import { Card } from '../../ui/card.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { formatDifference, GapBars } from './gap-bars.tsx'
import { GapTable } from './gap-table.tsx'
import { Notes } from './notes.tsx'
import styles from './strategies.module.css'
import { useWhyNot } from './strategy-status.tsx'

/** What the analysis found, against the winners or against one model. */
export function GapResults() {
  const gaps = useStudioState('strategy', (state) => state.gaps)
  if (!gaps) {
    return (
      <Card title="Gaps">
        <div className={styles.empty}>
          <span>
            Analyse to see, target by target and by region, where the winners do better than you and by how
            much.
          </span>
        </div>
      </Card>
    )
  }
  return <Found gaps={gaps} />
}

function Found({ gaps }: { gaps: GapView }) {
  const act = useAct()
  const whyNot = useWhyNot(false)
  const [rivalId, setRivalId] = useState(gaps.otherId ?? 'winner')
  const ids = Object.keys(gaps.labels)
  const rival = ids.includes(rivalId) && rivalId !== gaps.mineId ? rivalId : 'winner'
  const rows = useMemo(() => gapRows(gaps, rival === 'winner' ? null : rival), [gaps, rival])
  const worse = rows.filter(({ difference }) => difference !== null && difference > 0)
  const against = rival === 'winner' ? 'the winner' : (gaps.labels[rival] ?? 'the other')
  const compared = rows.filter(({ difference }) => difference !== null).length
  const regions = useMemo(() => gapsByRegion(rows), [rows])
  return (
    <>
      <Card
        title="Gaps"
        action={
          <NativeSelect
            size="xs"
            aria-label="Compare with"
            value={rival}
            onChange={(event) => setRivalId(event.currentTarget.value)}
            data={[
              { value: 'winner', label: 'against the winner of each' },
              ...ids
                .filter((id) => id !== gaps.mineId)
                .map((id) => ({ value: id, label: `against ${gaps.labels[id]}` })),
            ]}
          />
        }
      >
        <div
          className={styles.results}
          data-testid="gaps"
          data-mine={gaps.mineId}
          data-rows={rows.length}
          data-compared={compared}
        >
          <div>
            <Big>
              Worse than {against} on {worse.length} of {formatPlural(compared, 'target')}
            </Big>
            <Sub title="Cross-entropy per real byte: the contract’s own loss divides by all positions, PAD included">
              Difference in cross-entropy per byte, nats; above 0 yours is worse.
            </Sub>
            <Largest regions={regions} />
          </div>
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="train-on-gaps"
              disabled={worse.length === 0 || whyNot !== null}
              onClick={() => act((actions) => actions.trainOnGaps(rows))}
            >
              Train on the gaps
            </Button>
            <Sub>
              {worse.length === 0
                ? 'Nothing to gain here: yours is as good or better on all of them.'
                : (whyNot ?? 'Adds the data on which yours is worse to your data, weighted by the gap.')}
            </Sub>
          </div>
          <GapBars rows={rows} regions={regions} />
          <Notes notes={[...gaps.notes, ...gaps.failures.map(({ reason }) => reason)]} />
        </div>
      </Card>
      <Card title="Targets">
        <GapTable gaps={gaps} rows={rows} against={against} />
      </Card>
    </>
  )
}

/** The region where mine is furthest behind, and how far that is ahead of the next. */
function Largest({ regions }: { regions: readonly RegionGap[] }) {
  const [largest, next] = regions.filter(({ difference }) => difference !== null)
  if (!largest || largest.difference! <= 0) return null
  const lead = next && largest.difference! - next.difference!
  return (
    <Sub>
      <span
        data-testid="largest-gap"
        data-region={largest.region}
        data-difference={largest.difference!}
        data-lead={lead ?? ''}
      >
        The largest gap is {largest.region}, {formatDifference(largest.difference!)}
        {next && `; the next is ${next.region}, ${formatDifference(next.difference!)}`}.
      </span>
    </Sub>
  )
}
