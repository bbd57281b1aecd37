import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { StudioError } from '../../lib/studio-error.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { createPhrase } from '../../wallet/recovery-phrase.ts'
import { useStudio } from '../studio-context.tsx'
import { FormFault } from './form-fault.tsx'
import { NewAccountFields, readPassphrase } from './new-account-fields.tsx'
import { useForm } from './use-form.ts'
import styles from './wallet.module.css'

/** Shows a new recovery phrase once, asks for two words of it, then stores its key behind a passphrase. */
export function CreateForm() {
  const [phrase, setPhrase] = useState<string | null>(null)
  const [written, setWritten] = useState(false)
  const [done, setDone] = useState(false)
  const forget = () => {
    setPhrase(null)
    setWritten(false)
  }
  if (phrase === null) {
    const start = (words: 12 | 24) => {
      setDone(false)
      setPhrase(createPhrase(words))
    }
    return (
      <>
        <Sub>
          Twelve words are made on this device and shown once. Whoever has them has the account, and without
          them a lost passphrase loses it.
        </Sub>
        <div className={styles.line}>
          <Button data-testid="create-start" onClick={() => start(12)}>
            Show 12 words
          </Button>
          <LinkButton onClick={() => start(24)}>24 words</LinkButton>
          <span role="status">{done && <Sub>Created. It is in use now.</Sub>}</span>
        </div>
      </>
    )
  }
  if (!written) {
    return (
      <>
        <Sub>Write these down on paper, in this order. Nobody else should see them.</Sub>
        <ol className={styles.words} data-testid="phrase">
          {phrase.split(' ').map((word, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may occur twice, and the order is the point
            <li key={i}>{word}</li>
          ))}
        </ol>
        <div className={styles.line}>
          <Button data-testid="phrase-written" onClick={() => setWritten(true)}>
            I have written them down
          </Button>
          <CopyButton text={phrase} label="Copy all" />
          <LinkButton onClick={forget}>Cancel</LinkButton>
        </div>
      </>
    )
  }
  return (
    <ConfirmForm
      phrase={phrase}
      onBack={() => setWritten(false)}
      onDone={() => {
        forget()
        setDone(true)
      }}
    />
  )
}

function ConfirmForm(props: { phrase: string; onBack: () => void; onDone: () => void }) {
  const { actions } = useStudio()
  const words = props.phrase.split(' ')
  const [asked] = useState(() => pickTwo(words.length))
  const form = useForm(async (text) => {
    const right = asked.every((at) => text(`word-${at}`).trim().toLowerCase() === words[at])
    if (!right) {
      throw new StudioError('bad-input', 'These are not the words at those places.', {
        hint: 'Look at your copy, or go back to the words.',
      })
    }
    const source = { kind: 'phrase', phrase: props.phrase } as const
    await actions.addAccount(text('name'), source, readPassphrase(text))
    props.onDone()
  })
  return (
    <form onSubmit={form.onSubmit} onInput={form.onInput} className={styles.form}>
      <div className={styles.pair}>
        {asked.map((at) => (
          <TextInput
            key={at}
            name={`word-${at}`}
            label={`Word ${at + 1}`}
            autoComplete="off"
            spellCheck={false}
            data-testid={`word-${at}`}
            required
            withAsterisk={false}
          />
        ))}
      </div>
      <NewAccountFields />
      <FormFault text={form.fault} />
      <div className={styles.line}>
        <Button type="submit" variant="filled" loading={form.busy} data-testid="create-button">
          Create the account
        </Button>
        <LinkButton onClick={props.onBack}>Back to the words</LinkButton>
      </div>
    </form>
  )
}

/** Two different places of a list, in order. */
function pickTwo(count: number): readonly number[] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2))
  const first = a % count
  return [first, (first + 1 + (b % (count - 1))) % count].sort((x, y) => x - y)
}
