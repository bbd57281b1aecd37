import { Fragment } from 'react'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { GapRow, RegionGap } from '../../strategies/gaps/gap-table.ts'
import styles from './strategies.module.css'

/** Targets drawn of each region; the table has all. */
const SHOWN = 5

/** Differences as bars around zero: each region, the largest gap first, and in it the targets with the largest gaps. */
export function GapBars(props: { rows: readonly GapRow[]; regions: readonly RegionGap[] }) {
  const compared = props.rows.filter(({ difference }) => difference !== null)
  const all = [...compared, ...props.regions].map(({ difference }) => Math.abs(difference ?? 0))
  const largest = Math.max(...all, 1e-9)
  return (
    <div className={styles.bars} data-testid="gap-bars">
      {props.regions.map(({ region, targets, difference }) => {
        const members = compared.filter((row) => row.region === region)
        return (
          <Fragment key={region}>
            <Bar
              label={`${region}, ${formatPlural(targets, 'target')}`}
              value={difference}
              largest={largest}
              strong
            />
            {members.slice(0, SHOWN).map((row) => (
              <Bar
                key={row.targetId}
                label={compactAddress(row.targetId)}
                value={row.difference}
                largest={largest}
              />
            ))}
            {members.length > SHOWN && (
              <span className={styles.more}>and {members.length - SHOWN} more in the table</span>
            )}
          </Fragment>
        )
      })}
    </div>
  )
}

function Bar(props: { label: string; value: number | null; largest: number; strong?: boolean }) {
  const value = props.value ?? 0
  const width = `${(50 * Math.abs(value)) / props.largest}%`
  return (
    <>
      <span className={props.strong ? styles.region : styles.member}>{props.label}</span>
      <span className={styles.bar} aria-hidden="true">
        <i
          style={
            value > 0
              ? { left: '50%', width, background: 'var(--val)' }
              : { right: '50%', width, background: 'var(--train)' }
          }
        />
      </span>
      <span style={{ textAlign: 'right' }}>{props.value === null ? '–' : formatDifference(value)}</span>
    </>
  )
}

/** With its sign: `+0.123`. */
export function formatDifference(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(3)}`
}
