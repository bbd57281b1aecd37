import { Button } from '@mantine/core'
import { useState } from 'react'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useAct } from '../studio-context.tsx'
import styles from './wallet.module.css'

/** Shows the secret key, after a question, until it is hidden again. */
export function SecretCard() {
  const act = useAct()
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <Card title="Secret key of the practice account">
      <Sub>Whoever has it can sign as this account. Export it to use the account in another browser.</Sub>
      {secret === null ? (
        <div className={styles.line}>
          <ConfirmButton
            label="Show secret key"
            testId="export-secret"
            question="Show the secret key on this screen?"
            confirmLabel="Show it"
            onConfirm={() => act(async (actions) => setSecret(await actions.exportSecret()))}
          >
            Anyone who sees or copies it can sign as this account. Make sure that nobody looks on.
          </ConfirmButton>
        </div>
      ) : (
        <>
          <div className={styles.secret}>
            <Code testId="secret">{secret}</Code>
          </div>
          <div className={styles.line}>
            <CopyButton text={secret} label="Copy secret key" />
            <Button size="xs" onClick={() => setSecret(null)}>
              Hide
            </Button>
          </div>
        </>
      )}
    </Card>
  )
}
