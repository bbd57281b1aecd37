import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Sub } from '../../ui/text.tsx'
import { useStudio } from '../studio-context.tsx'
import { accountKindWords } from './account-kind-words.ts'
import { FormFault } from './form-fault.tsx'
import { useForm } from './use-form.ts'
import styles from './wallet.module.css'

/** An address whose key is not here: signed for on another machine, or only watched. */
export function AddressForm({ kind }: { kind: 'offline' | 'watch-only' }) {
  const { actions } = useStudio()
  const [done, setDone] = useState(false)
  const form = useForm(async (text) => {
    setDone(false)
    await actions.addAddress(kind, text('name'), text('address'))
    setDone(true)
  })
  return (
    <form onSubmit={form.onSubmit} onInput={form.onInput} className={styles.form}>
      <Sub>{accountKindWords[kind][1]}</Sub>
      <TextInput
        name="address"
        label="Address"
        placeholder="0x…"
        autoComplete="off"
        spellCheck={false}
        data-testid="address-input"
        required
        withAsterisk={false}
      />
      <TextInput
        name="name"
        label="Name"
        defaultValue={kind === 'offline' ? 'Other machine' : 'Watched'}
        autoComplete="off"
        data-testid="name-input"
      />
      <FormFault text={form.fault} />
      <div className={styles.line}>
        <Button type="submit" variant="filled" loading={form.busy} data-testid="address-button">
          Add the address
        </Button>
        <span role="status">{done && <Sub>Added. It is in use now.</Sub>}</span>
      </div>
    </form>
  )
}
