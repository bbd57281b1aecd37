import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { Sub } from '../../ui/text.tsx'
import { useAct } from '../studio-context.tsx'
import type { Dataset } from './datasets.ts'
import { NumberField } from './number-field.tsx'
import styles from './strategies.module.css'
import { useWhyNot } from './strategy-status.tsx'

/** Some rows of a dataset, fetched from the hub into the data. The token lives in this form and nowhere else. */
export function SampleForm(props: { dataset: Dataset; rows: NonNullable<Dataset['rows']> }) {
  const { dataset, rows } = props
  const act = useAct()
  const [count, setCount] = useState(100)
  const [offset, setOffset] = useState(0)
  const [token, setToken] = useState('')
  const busy = useWhyNot(false)
  const wants = dataset.gated === true && token.trim() === ''
  const fetchSample = () => {
    const { name, licence } = dataset
    const given = token.trim() === '' ? {} : { token: token.trim() }
    act((actions) => actions.addDatasetRows({ name, licence, ...rows }, { offset, count, ...given }))
  }
  return (
    <div className={styles.fields}>
      <div className={styles.pair}>
        <NumberField label="Rows" value={count} min={1} max={1000} whole onChange={setCount} />
        <NumberField label="From row" value={offset} min={0} max={1_000_000_000} whole onChange={setOffset} />
      </div>
      {dataset.gated && (
        <PasswordInput
          label="Access token"
          description="Sent to the hub only, and kept only until you leave this screen"
          value={token}
          autoComplete="off"
          visibilityToggleButtonProps={{
            'aria-label': 'Show the token',
            style: { minWidth: 24, minHeight: 24 },
          }}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
      )}
      <div className={styles.buttons}>
        <Button
          size="xs"
          data-testid={`sample-${rows.dataset.split('/')[1]}`}
          disabled={busy !== null || wants}
          title={busy ?? (wants ? 'It needs an access token.' : undefined)}
          onClick={fetchSample}
        >
          Fetch a sample
        </Button>
        {wants && <Sub>It needs an access token.</Sub>}
      </div>
    </div>
  )
}
