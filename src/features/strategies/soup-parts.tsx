import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { formatPlural } from '../../lib/format-count.ts'
import { LinkButton, Sub } from '../../ui/text.tsx'
import styles from './strategies.module.css'
import type { Choices } from './use-choices.ts'

/** Listed before somebody asks for more: the button below must stay in sight. */
const SHOWN = 8

/** Which runs are taken, the newest first. */
export function SoupParts(props: {
  choices: Choices
  runIds: readonly string[]
  onChange: (runIds: readonly string[]) => void
}) {
  const runs = props.choices.runs.flatMap((run) => (run.kind === 'run' ? [run] : []))
  const [all, setAll] = useState(false)
  if (runs.length === 0) return <Sub>No runs of this config yet.</Sub>
  const shown = runs.filter(({ runId }, index) => all || index < SHOWN || props.runIds.includes(runId))
  return (
    <div>
      <Checkbox.Group label="Runs" value={[...props.runIds]} onChange={props.onChange}>
        <div className={styles.checks} style={{ marginTop: 6 }}>
          {shown.map(({ runId, label }) => (
            <Checkbox key={runId} size="xs" value={runId} label={label} />
          ))}
        </div>
      </Checkbox.Group>
      {shown.length < runs.length && (
        <LinkButton onClick={() => setAll(true)}>Show all {formatPlural(runs.length, 'run')}</LinkButton>
      )}
    </div>
  )
}
