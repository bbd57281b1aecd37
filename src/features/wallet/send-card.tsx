import { Button, TextInput } from '@mantine/core'
import { StudioError } from '../../lib/studio-error.ts'
import { Card } from '../../ui/card.tsx'
import { useStudio } from '../studio-context.tsx'
import { FormFault } from './form-fault.tsx'
import { useForm } from './use-form.ts'
import styles from './wallet.module.css'

/** Sends SOMA to an address, after a review. */
export function SendCard() {
  const { actions } = useStudio()
  const form = useForm(async (text) => {
    const sent = await actions.sendSoma(text('recipient'), text('amount'))
    // What was not sent stays in its fields.
    if (!sent) throw new StudioError('cancelled', 'Not sent.')
  })
  return (
    <Card title="Send SOMA">
      <form onSubmit={form.onSubmit} onInput={form.onInput} className={styles.form}>
        <TextInput
          name="recipient"
          label="To"
          placeholder="0x…"
          autoComplete="off"
          spellCheck={false}
          data-testid="send-to"
          required
          withAsterisk={false}
        />
        <TextInput
          name="amount"
          label="Amount in SOMA"
          placeholder="1.5"
          inputMode="decimal"
          autoComplete="off"
          data-testid="send-amount"
          required
          withAsterisk={false}
        />
        <FormFault text={form.fault} />
        <div className={styles.line}>
          <Button type="submit" loading={form.busy} data-testid="send-button">
            Review
          </Button>
        </div>
      </form>
    </Card>
  )
}
