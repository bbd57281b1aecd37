import { Checkbox } from '@mantine/core'
import { Sub } from '../../ui/text.tsx'
import styles from './strategies.module.css'
import type { Choices } from './use-choices.ts'

/** Which runs go into a soup. */
export function SoupParts(props: {
  choices: Choices
  runIds: readonly string[]
  onChange: (runIds: readonly string[]) => void
}) {
  const { runs } = props.choices
  if (runs.length === 0) return <Sub>No runs of this config yet.</Sub>
  return (
    <Checkbox.Group label="Runs" value={[...props.runIds]} onChange={props.onChange}>
      <div className={styles.checks} style={{ marginTop: 6 }}>
        {runs.map(
          (run) =>
            run.kind === 'run' && <Checkbox key={run.runId} size="xs" value={run.runId} label={run.label} />,
        )}
      </div>
    </Checkbox.Group>
  )
}
