import styles from './ui.module.css'

export interface TimelineEntry {
  readonly text: string
  readonly state: 'done' | 'now' | 'ahead' | 'missed'
}

/** Events in order, past ones filled. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className={styles.timeline}>
      {entries.map((entry) => (
        <li
          key={entry.text}
          data-state={entry.state}
          aria-current={entry.state === 'now' ? 'step' : undefined}
        >
          <i className={styles.bullet} aria-hidden="true" />
          <span>{entry.text}</span>
        </li>
      ))}
    </ol>
  )
}
