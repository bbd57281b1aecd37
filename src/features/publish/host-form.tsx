import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { HostChoice } from '../../stores/blob-host.ts'
import type { HostQuestion } from '../../stores/publish-store.ts'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { offerFile } from '../offer-file.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import styles from './publish.module.css'

/** Asks where the encrypted file goes, on a network that has no host of its own. */
export function HostForm(props: { question: HostQuestion; draftId: string; onCancel: () => void }) {
  const { question, draftId, onCancel } = props
  const { suggested, tried, fault, working } = question
  const act = useAct()
  const { actions } = useStudio()
  const name = useStudioState('network', (state) => state.network.name)
  const checksum = useStudioState(
    'publish',
    (state) => state.drafts.find(({ id }) => id === draftId)?.weightsChecksum ?? '',
  )
  const [kind, setKind] = useState<HostChoice['kind']>(tried?.kind ?? 'put')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (field: string) => String(data.get(field) ?? '')
    const url = text('url')
    actions.chooseHost(kind === 'put' ? { kind, url, readUrl: text('read') } : { kind, url })
  }
  return (
    <form onSubmit={submit} className={styles.host} data-testid="host-form">
      <Big>Where does the encrypted file go?</Big>
      <Sub>
        {name} stores no files: it commits the address of yours. The file must stay there, readable by
        anybody, for as long as the model competes. Until the reveal nobody can decrypt it.
      </Sub>
      <SegmentedControl
        aria-label="How the file gets there"
        value={kind}
        disabled={working}
        onChange={(value) => setKind(value as HostChoice['kind'])}
        data={[
          { value: 'put', label: 'Put it there now' },
          { value: 'uploaded', label: 'I upload it myself' },
        ]}
      />
      {kind === 'put' ? (
        <>
          <TextInput
            key="put"
            name="url"
            label="Address to put it to"
            description="Takes PUT from this page. With a slash at its end the file gets its checksum as name."
            placeholder="https://…/"
            defaultValue={tried?.kind === 'put' ? tried.url : suggested}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            data-testid="host-url"
            required
            withAsterisk={false}
          />
          <TextInput
            name="read"
            label="Address to read it from, if another"
            description="Becomes public. Needed where the first one holds an upload key."
            defaultValue={tried?.kind === 'put' ? tried.readUrl : ''}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
          />
        </>
      ) : (
        <>
          <div>
            <Button
              size="xs"
              data-testid="save-package"
              onClick={() =>
                act(async () => offerFile(await actions.packageFile(draftId), `${checksum}.enc`))
              }
            >
              Save the encrypted file
            </Button>
          </div>
          <TextInput
            key="uploaded"
            name="url"
            label="Address of the uploaded file"
            description="It is read back whole from there before anything is signed, so the host must let pages read it."
            placeholder="https://…"
            defaultValue={tried?.kind === 'uploaded' ? tried.url : ''}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            data-testid="host-url"
            required
            withAsterisk={false}
          />
        </>
      )}
      {fault && <ErrorNotice error={fault} testId="host-fault" />}
      <div className={styles.foot}>
        <Sub>{working ? 'Sending the file and reading it back…' : 'Nothing is signed yet.'}</Sub>
        <Button onClick={onCancel}>Later</Button>
        <Button type="submit" variant="filled" loading={working} data-testid="host-button">
          {kind === 'put' ? 'Put and check' : 'Check'}
        </Button>
      </div>
    </form>
  )
}
