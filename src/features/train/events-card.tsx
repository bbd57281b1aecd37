import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'
import styles from './train.module.css'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })
const SHOWN = 50

/** What happened to the run, newest first. */
export function EventsCard() {
  const notes = useStudioState('run', (state) => state.notes)
  return (
    <Card title="Events">
      {notes.length === 0 && <Sub>Checkpoints, pauses and whatever goes wrong are noted here.</Sub>}
      <ul className={styles.events} data-testid="notes">
        {notes.slice(0, SHOWN).map((note) => (
          <li key={`${note.at} ${note.text}`}>
            <time dateTime={new Date(note.at).toISOString()}>{clock.format(note.at)}</time>
            <span>{note.text}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
