import { Button, Checkbox } from '@mantine/core'
import { Fragment, useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { GapView } from '../../stores/strategy-store.ts'
import { type GapRow, gapsByRegion, type RegionGap } from '../../strategies/gaps/gap-table.ts'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { formatDifference } from './gap-bars.tsx'

const SHOWN = 50

/** Every target with the contract's loss and the cross-entropy per byte of each model, the largest gap first. */
export function GapTable(props: { gaps: GapView; rows: readonly GapRow[]; against: string }) {
  const { gaps } = props
  const [limit, setLimit] = useState(SHOWN)
  const [grouped, setGrouped] = useState(false)
  const others = Object.keys(gaps.labels).filter((id) => id !== gaps.mineId)
  const shown = [gaps.mineId, ...others]
  const shownRows = (grouped ? byRegion(props.rows) : props.rows.map((row) => ({ row, opens: null }))).slice(
    0,
    limit,
  )
  return (
    <>
      <Sub>
        Under each model its contract loss, and below that its cross-entropy per real byte. Lower is better.
      </Sub>
      <Checkbox
        size="xs"
        my="xs"
        label="Grouped by region"
        checked={grouped}
        onChange={(event) => setGrouped(event.currentTarget.checked)}
      />
      <ScrollTable label="Losses by target" stacks>
        <thead>
          <tr>
            <th scope="col">Target</th>
            <th scope="col" className={ui.number} title={`Mine minus ${props.against}`}>
              Gap, nats/byte
            </th>
            <th scope="col" title="With the loss that its submitter claimed; the chain does not check it">
              Winner
            </th>
            {shown.map((id) => (
              <th
                scope="col"
                key={id}
                className={ui.number}
                title="Contract loss; below it nats per real byte"
              >
                {id === gaps.mineId ? `Mine (${gaps.labels[id]})` : gaps.labels[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shownRows.map(({ row, opens }) => (
            <Fragment key={row.targetId}>
              {opens && (
                <tr>
                  <th scope="rowgroup" colSpan={3 + shown.length}>
                    {opens.region}: {formatPlural(opens.targets, 'target')}, {formatBytes(opens.bytes)}
                    {opens.difference !== null && `, ${formatDifference(opens.difference)} nats per byte`}
                  </th>
                </tr>
              )}
              <Target gaps={gaps} row={row} shown={shown} />
            </Fragment>
          ))}
        </tbody>
      </ScrollTable>
      {props.rows.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setLimit(limit + SHOWN)}>
          Show more of {formatPlural(props.rows.length, 'target')}
        </Button>
      )}
    </>
  )
}

/** Regions with the largest gap first, in each the rows as they come; the first row of a region opens it. */
function byRegion(rows: readonly GapRow[]): { row: GapRow; opens: RegionGap | null }[] {
  return gapsByRegion(rows).flatMap((region) =>
    rows
      .filter((row) => row.region === region.region)
      .map((row, index) => ({ row, opens: index === 0 ? region : null })),
  )
}

function Target({ gaps, row, shown }: { gaps: GapView; row: GapRow; shown: readonly string[] }) {
  return (
    <tr
      data-testid="gap-row"
      data-target={row.targetId}
      data-region={row.region}
      data-difference={row.difference ?? ''}
    >
      <td>
        <Code title={row.targetId}>{compactAddress(row.targetId)}</Code>
        <Sub>
          {row.region}, {formatBytes(row.bytes)}
        </Sub>
        {row.varies && <Sub>varies on the node itself: more than one scoring batch</Sub>}
      </td>
      <td className={ui.number} data-label="Gap, nats/byte">
        <b>{row.difference === null ? '–' : formatDifference(row.difference)}</b>
      </td>
      <td data-label="Winner">
        {gaps.labels[row.winnerId] ?? compactAddress(row.winnerId)}
        <Sub>{row.reportedLoss.toFixed(4)} self-reported</Sub>
      </td>
      {shown.map((id) => (
        <td
          key={id}
          className={ui.number}
          style={{ whiteSpace: 'nowrap' }}
          data-label={id === gaps.mineId ? 'Mine' : gaps.labels[id]}
        >
          {row.scores[id]?.loss.toFixed(4) ?? '–'}
          {row.scores[id] && <Sub>{row.scores[id].crossEntropyPerByte.toFixed(3)} nats/byte</Sub>}
        </td>
      ))}
    </tr>
  )
}
