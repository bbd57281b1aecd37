import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import {
  customNetwork,
  type Network,
  type NetworkUrls,
  networkServices,
  withUrls,
} from '../../chain/networks.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { Actions } from '../../stores/studio.ts'
import { ErrorNotice } from '../../ui/notice.tsx'
import { useAct } from '../studio-context.tsx'
import styles from './network.module.css'

const labels: Readonly<Record<keyof NetworkUrls, { label: string; description: string }>> = {
  rpc: { label: 'RPC', description: 'A full node, for example http://127.0.0.1:9000' },
  faucet: { label: 'Faucet', description: 'Optional; reached through npm start' },
  scoring: { label: 'Scoring', description: 'Optional; reached through npm start' },
  admin: { label: 'Admin', description: 'Optional; localnets only, reached through npm start' },
}

/** Addresses of a network; null adds one. What is wrong with them is said here. */
export function AddressForm({ network, onDone }: { network: Network | null; onDone: () => void }) {
  const act = useAct()
  const [name, setName] = useState(network?.name ?? '')
  const [urls, setUrls] = useState<NetworkUrls>(network?.urls ?? {})
  const [error, setError] = useState<StudioError | null>(null)

  const leave = (run: (actions: Actions) => Promise<void>) => {
    onDone()
    act(run)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    try {
      withUrls(network ?? customNetwork('new', name, {}), urls)
    } catch (problem) {
      return setError(StudioError.from(problem))
    }
    leave((actions) => (network ? actions.saveNetwork(network.id, urls) : actions.addNetwork(name, urls)))
  }
  return (
    <form className={styles.addresses} onSubmit={submit} noValidate>
      {network === null && (
        <TextInput
          label="Name"
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      {networkServices.map((service) => (
        <TextInput
          key={service}
          {...labels[service]}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          value={urls[service] ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value
            setUrls((before) => ({ ...before, [service]: text }))
          }}
        />
      ))}
      {error && <ErrorNotice error={error.serialise()} />}
      <div className={styles.buttons}>
        <Button type="submit" variant="filled">
          {network ? 'Save and connect' : 'Add and connect'}
        </Button>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        {network && network.kind !== 'custom' && (
          <Button variant="subtle" onClick={() => leave((actions) => actions.resetNetwork(network.id))}>
            Preset addresses
          </Button>
        )}
        {network?.kind === 'custom' && (
          <Button
            variant="subtle"
            color="red"
            onClick={() => leave((actions) => actions.removeNetwork(network.id))}
          >
            Remove
          </Button>
        )}
      </div>
    </form>
  )
}
