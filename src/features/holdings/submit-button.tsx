import { Button, FileInput, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { TargetView } from '../../chain/target-view.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { type SerialisedError, StudioError } from '../../lib/studio-error.ts'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudio, useStudioState } from '../studio-context.tsx'
import styles from './holdings.module.css'

/** Scores data of the user with the models of an open target and submits it, after a review. */
export function SubmitButton({ target }: { target: TargetView }) {
  const { actions } = useStudio()
  const [open, setOpen] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [working, setWorking] = useState(false)
  // Two dialogs that both hold the focus would take it from each other for ever.
  const reviewing = useStudioState('signing', ({ request }) => request !== null)
  const [fault, setFault] = useState<SerialisedError | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const address = String(new FormData(event.currentTarget).get('address') ?? '')
    if (!file) return
    setWorking(true)
    setFault(null)
    try {
      if (await actions.submitData(target.id, file, address)) setOpen(false)
    } catch (thrown) {
      setFault(StudioError.from(thrown).serialise())
    } finally {
      setWorking(false)
    }
  }
  return (
    <>
      <Button size="compact-sm" data-testid="submit" onClick={() => setOpen(true)}>
        Submit data
      </Button>
      <Modal
        opened={open && !reviewing}
        onClose={() => setOpen(false)}
        title={`Submit data to ${compactAddress(target.id)}`}
        transitionProps={{ duration: 0 }}
      >
        <form onSubmit={submit} className={styles.form}>
          <Sub>
            The network’s scoring service scores the data with the target’s models. It must hit: a distance of
            at most {target.distanceThreshold?.toFixed(4) ?? 'the threshold'}. What it found is shown before
            you sign.
          </Sub>
          <FileInput
            label="Data"
            placeholder="Choose a file"
            value={file}
            onChange={setFile}
            data-testid="submit-file"
            withAsterisk={false}
            required
          />
          <TextInput
            name="address"
            label="Address of the data"
            description="With a slash at its end the file is put there now; otherwise it lies there already. It becomes public."
            placeholder="https://…"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            data-testid="submit-address"
            required
            withAsterisk={false}
          />
          {fault && <ErrorNotice error={fault} testId="submit-fault" />}
          <div className={styles.buttons}>
            <Button type="submit" variant="filled" loading={working} data-testid="submit-score">
              Score and review
            </Button>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
          </div>
          {working && <Sub>Hosting, reading back and scoring: some seconds for each model…</Sub>}
        </form>
      </Modal>
    </>
  )
}
