import type { ReactNode } from 'react'
import styles from './ui.module.css'

export interface RowEntry {
  readonly label: string
  readonly value: ReactNode
  /** Where the value comes from, shown on hover. */
  readonly source?: string
}

/** Names at the left, values at the right. */
export function Rows({ entries }: { entries: readonly RowEntry[] }) {
  return (
    <dl className={styles.rows}>
      {entries.map((entry) => (
        <div className={styles.row} key={entry.label} title={entry.source}>
          <dt>{entry.label}</dt>
          <dd>{entry.value}</dd>
        </div>
      ))}
    </dl>
  )
}
