import { Button, PasswordInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { Sub } from '../../ui/text.tsx'
import { useStudio } from '../studio-context.tsx'
import { FormFault } from './form-fault.tsx'
import { NewAccountFields, readPassphrase } from './new-account-fields.tsx'
import { useForm } from './use-form.ts'
import styles from './wallet.module.css'

/** An account out of a recovery phrase or a secret key, stored behind a new passphrase. */
export function RestoreForm({ from }: { from: 'phrase' | 'key' }) {
  const { actions } = useStudio()
  const [done, setDone] = useState(false)
  const form = useForm(async (text) => {
    setDone(false)
    const secret = text('secret')
    const source = from === 'phrase' ? { kind: from, phrase: secret } : { kind: from, text: secret }
    await actions.addAccount(text('name'), source, readPassphrase(text))
    setDone(true)
  })
  const secret = {
    name: 'secret',
    autoComplete: 'off',
    spellCheck: false,
    'data-testid': 'restore-input',
    required: true,
    withAsterisk: false,
  }
  return (
    <form onSubmit={form.onSubmit} onInput={form.onInput} className={styles.form}>
      {from === 'phrase' ? (
        <Textarea
          {...secret}
          label="Recovery phrase"
          description="12 to 24 English words. The same account as in the network’s command line tools."
          autosize
          minRows={2}
        />
      ) : (
        <PasswordInput
          {...secret}
          label="Secret key"
          description="somaprivkey1…, 64 hexadecimal digits, or the Base64 of a keystore entry."
          visibilityToggleButtonProps={{ 'aria-label': 'Show the secret key' }}
        />
      )}
      <NewAccountFields />
      <FormFault text={form.fault} />
      <div className={styles.line}>
        <Button type="submit" variant="filled" loading={form.busy} data-testid="restore-button">
          {from === 'phrase' ? 'Restore the account' : 'Import the key'}
        </Button>
        <span role="status">{done && <Sub>Stored. It is in use now.</Sub>}</span>
      </div>
    </form>
  )
}
