import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { StudioError } from '../../lib/studio-error.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudio } from '../studio-context.tsx'
import styles from './wallet.module.css'

/** Replaces the practice account by one whose secret key is pasted. */
export function ImportForm() {
  const { actions } = useStudio()
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [done, setDone] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setDone(false)
    try {
      await actions.importSecret(text.trim())
      setText('')
      setFault(null)
      setDone(true)
    } catch (thrown) {
      const error = StudioError.from(thrown)
      setFault([error.message, error.hint].filter(Boolean).join(' '))
    }
  }
  return (
    <Card title="Replace the practice account">
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Secret key"
          description="Another practice account takes its place: export this one first if you want to keep it."
          placeholder="somaprivkey1…"
          autoComplete="off"
          spellCheck={false}
          data-testid="import-input"
          value={text}
          error={fault}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setFault(null)
          }}
        />
        <div className={styles.line}>
          <Button type="submit" disabled={text.trim() === ''} data-testid="import-button">
            Import
          </Button>
          <span role="status">{done && <Sub>Imported. It now signs on the practice network.</Sub>}</span>
        </div>
      </form>
    </Card>
  )
}
