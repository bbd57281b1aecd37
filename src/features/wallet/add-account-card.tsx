import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { Card } from '../../ui/card.tsx'
import { AddressForm } from './address-form.tsx'
import { BrowserWallets } from './browser-wallets.tsx'
import { CreateForm } from './create-form.tsx'
import { RestoreForm } from './restore-form.tsx'
import styles from './wallet.module.css'

const ways = [
  { value: 'create', label: 'Create a new one' },
  { value: 'phrase', label: 'Restore from a recovery phrase' },
  { value: 'key', label: 'Import a secret key' },
  { value: 'offline', label: 'Sign on another machine' },
  { value: 'watch-only', label: 'Watch an address' },
  { value: 'wallet', label: 'Use a browser wallet' },
] as const

type Way = (typeof ways)[number]['value']

/** Every way to get another account. */
export function AddAccountCard() {
  const [way, setWay] = useState<Way>('create')
  return (
    <Card title="Add an account">
      <NativeSelect
        label="How"
        data={ways}
        value={way}
        data-testid="add-way"
        onChange={(event) => setWay(event.currentTarget.value as Way)}
      />
      <div className={styles.form}>
        {way === 'create' && <CreateForm />}
        {(way === 'phrase' || way === 'key') && <RestoreForm key={way} from={way} />}
        {(way === 'offline' || way === 'watch-only') && <AddressForm key={way} kind={way} />}
        {way === 'wallet' && <BrowserWallets />}
      </div>
    </Card>
  )
}
