import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { GapRow, RegionGap } from '../../strategies/gaps/gap-table.ts'
import styles from './strategies.module.css'

/** Targets drawn; the table has all. */
const SHOWN = 16

/** Differences as bars around zero: regions first, then the targets with the largest gaps. */
export function GapBars(props: { rows: readonly GapRow[]; regions: readonly RegionGap[] }) {
  const rows = props.rows.filter(({ difference }) => difference !== null).slice(0, SHOWN)
  const all = [...rows, ...props.regions].map(({ difference }) => Math.abs(difference ?? 0))
  const largest = Math.max(...all, 1e-9)
  return (
    <div className={styles.bars} data-testid="gap-bars">
      <h3>By region of embedding space</h3>
      {props.regions.map((region) => (
        <Bar
          key={region.region}
          label={`${region.region}, ${formatPlural(region.targets, 'target')}`}
          value={region.difference}
          largest={largest}
        />
      ))}
      <h3>By target</h3>
      {rows.map((row) => (
        <Bar
          key={row.targetId}
          label={compactAddress(row.targetId)}
          value={row.difference}
          largest={largest}
        />
      ))}
    </div>
  )
}

function Bar(props: { label: string; value: number | null; largest: number }) {
  const value = props.value ?? 0
  const width = `${(50 * Math.abs(value)) / props.largest}%`
  return (
    <>
      <span>{props.label}</span>
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
