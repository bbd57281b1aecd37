import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { AddressForm } from './address-form.tsx'
import styles from './network.module.css'
import { ProbeChecklist } from './probe-checklist.tsx'

const ADD = 'add'

/** Which network is in use, its addresses, and what it can do for this page. */
export function NetworksCard() {
  const act = useAct()
  const { networks, current, probing, probe } = useStudioState('networks', (state) => state)
  const [form, setForm] = useState<'none' | 'edit' | 'add'>('none')
  return (
    <Card
      title="Network"
      action={
        form === 'none' &&
        current.kind !== 'practice' && <LinkButton onClick={() => setForm('edit')}>Edit addresses</LinkButton>
      }
    >
      <NativeSelect
        aria-label="Network"
        data-testid="network-select"
        value={form === 'add' ? ADD : current.id}
        data={[
          ...networks.map(({ id, name }) => ({ value: id, label: name })),
          { value: ADD, label: 'Add a network…' },
        ]}
        onChange={(event) => {
          const id = event.currentTarget.value
          setForm(id === ADD ? 'add' : 'none')
          if (id !== ADD) act((actions) => actions.chooseNetwork(id))
        }}
      />
      {form === 'none' ? (
        <>
          {current.urls.rpc && (
            <div className={styles.address}>
              <Sub>{current.urls.rpc}</Sub>
            </div>
          )}
          {probing === 'ask' && <LocalNetworkNotice name={current.name} />}
          {probe && <ProbeChecklist probe={probe} />}
          {probing === 'running' && <Sub>Finding out what it can do…</Sub>}
          {probe && probing === 'idle' && (
            <LinkButton onClick={() => act((actions) => actions.probeNetwork())}>Check again</LinkButton>
          )}
        </>
      ) : (
        <AddressForm
          key={form === 'add' ? ADD : current.id}
          network={form === 'add' ? null : current}
          onDone={() => setForm('none')}
        />
      )}
    </Card>
  )
}

/** Chrome asks a question that nobody expects; this says why before it does. */
function LocalNetworkNotice({ name }: { name: string }) {
  const act = useAct()
  return (
    <Notice
      tone="warn"
      testId="local-network-notice"
      actions={
        <Button size="xs" onClick={() => act((actions) => actions.allowLocalNetwork())}>
          Go on
        </Button>
      }
    >
      <p>
        {name} runs on this computer or in your own network, and this page came from the internet. Chrome will
        ask whether the page may look for devices on your local network. Allow it, or the node cannot be
        reached. Nothing has been called yet.
      </p>
    </Notice>
  )
}
