import styles from './strategies.module.css'

const SHOWN = 8

/** What was left out and why; nothing where nothing was. */
export function Notes({ notes }: { notes: readonly string[] }) {
  const all = [...new Set(notes)]
  if (all.length === 0) return null
  return (
    <ul className={styles.notes}>
      {all.slice(0, SHOWN).map((note) => (
        <li key={note}>{note}</li>
      ))}
      {all.length > SHOWN && <li>And {all.length - SHOWN} more.</li>}
    </ul>
  )
}
