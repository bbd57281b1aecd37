import { Button, PasswordInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import type { ExportedKey } from '../../wallet/ed25519-key.ts'
import { useStudio } from '../studio-context.tsx'
import { FormFault } from './form-fault.tsx'
import { useForm } from './use-form.ts'
import styles from './wallet.module.css'

/** Milliseconds until a shown key is hidden by itself. */
const SHOWN_FOR = 60_000

const forms: readonly (readonly [keyof ExportedKey, string])[] = [
  ['bech32', 'For soma keytool import'],
  ['keystore', 'Entry of a keystore file'],
  ['hex', 'Hexadecimal'],
]

/** Shows the secret key of a passphrase account once its passphrase is typed again. */
export function ExportCard({ address }: { address: string }) {
  const { actions } = useStudio()
  const [shown, setShown] = useState<ExportedKey | null>(null)
  const form = useForm(async (text) => {
    setShown(await actions.exportAccount(address, text('passphrase')))
  })
  useEffect(() => {
    if (shown === null) return
    const timer = setTimeout(() => setShown(null), SHOWN_FOR)
    return () => clearTimeout(timer)
  }, [shown])
  return (
    <Card title="Export the secret key">
      {shown === null ? (
        <form onSubmit={form.onSubmit} onInput={form.onInput} className={styles.form}>
          <Sub>Whoever has it can sign as this account. The passphrase is asked for again.</Sub>
          <PasswordInput
            name="passphrase"
            label="Passphrase of this account"
            autoComplete="current-password"
            data-testid="export-passphrase"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
            required
            withAsterisk={false}
          />
          <FormFault text={form.fault} />
          <div className={styles.line}>
            <Button type="submit" loading={form.busy} data-testid="export-button">
              Show the secret key
            </Button>
          </div>
        </form>
      ) : (
        <>
          <Sub>It is hidden again after a minute.</Sub>
          {forms.map(([name, label]) => (
            <div className={styles.secret} key={name}>
              <Sub>{label}</Sub>
              <Code testId={`export-${name}`}>{shown[name]}</Code> <CopyButton text={shown[name]} />
            </div>
          ))}
          <div className={styles.line}>
            <Button size="xs" onClick={() => setShown(null)}>
              Hide
            </Button>
          </div>
        </>
      )}
    </Card>
  )
}
