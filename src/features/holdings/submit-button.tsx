import { Button, FileInput, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { TargetView } from '../../chain/target-view.ts'
import { formatDuration } from '../../lib/format-duration.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { type SerialisedError, StudioError } from '../../lib/studio-error.ts'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import styles from './holdings.module.css'

/** A submission on its way to its review. */
interface Submitting {
  readonly step: string
  /** When the step began; ms since 1970. */
  readonly since: number
  readonly stop: AbortController
}

/** Scores data of the user with the models of an open target and submits it, after a review. */
export function SubmitButton({ target }: { target: TargetView }) {
  const { actions } = useStudio()
  const isPractice = useStudioState('network', ({ network }) => network.kind === 'practice')
  const [open, setOpen] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [working, setWorking] = useState<Submitting | null>(null)
  // Two dialogs that both hold the focus would take it from each other for ever.
  const reviewing = useStudioState('signing', ({ request }) => request !== null)
  const [fault, setFault] = useState<SerialisedError | null>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const address = String(new FormData(event.currentTarget).get('address') ?? '')
    if (!file) return
    const stop = new AbortController()
    const onStep = (step: string) => setWorking({ step, stop, since: Date.now() })
    onStep('Checking the data')
    setFault(null)
    try {
      if (await actions.submitData(target.id, file, address, { signal: stop.signal, onStep })) setOpen(false)
    } catch (thrown) {
      const error = StudioError.from(thrown)
      // What the person cancelled is no fault.
      if (error.code !== 'cancelled') setFault(error.serialise())
    } finally {
      setWorking(null)
    }
  }
  const close = () => {
    working?.stop.abort()
    setOpen(false)
  }
  return (
    <>
      <Button size="compact-sm" data-testid="submit" onClick={() => setOpen(true)}>
        Submit data
      </Button>
      <Modal
        opened={open && !reviewing}
        onClose={close}
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
          {!isPractice && (
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
          )}
          {fault && <ErrorNotice error={fault} testId="submit-fault" />}
          <div className={styles.buttons}>
            <Button type="submit" variant="filled" loading={working !== null} data-testid="submit-score">
              Score and review
            </Button>
            <Button data-testid="submit-cancel" onClick={working ? () => working.stop.abort() : close}>
              {working ? 'Stop' : 'Cancel'}
            </Button>
          </div>
          <div role="status">{working && <Waiting {...working} />}</div>
        </form>
      </Modal>
    </>
  )
}

/** The service says nothing until it is done, so the time that has passed is all there is to show. */
function Waiting({ step, since }: Submitting) {
  const now = useNow(500)
  return (
    <Sub testId="submit-step">
      {step}, {formatDuration(Math.max(0, now - since) / 1000)} so far. Nothing is signed before you have seen
      the review.
    </Sub>
  )
}
