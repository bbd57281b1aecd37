import { Button } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { ImportForm } from './import-form.tsx'
import { SecretCard } from './secret-card.tsx'
import styles from './wallet.module.css'

/** The account that signs. */
export function WalletScreen() {
  return (
    <div className={styles.screen}>
      <AccountCard />
      <div style={{ display: 'grid', gap: 10 }}>
        <SecretCard />
        <ImportForm />
      </div>
    </div>
  )
}

function AccountCard() {
  const act = useAct()
  const { address, balance, coins, busy } = useStudioState('wallet', (state) => state)
  return (
    <Card title="Practice account">
      <div className={styles.balance} data-testid="balance" title="Sum of the account’s coins on this world">
        {balance === null ? '–' : formatSoma(balance)} <small>SOMA</small>
      </div>
      <Sub>
        {balance === null ? 'Reading the balance…' : `In ${formatPlural(coins, 'coin')}. It has no value.`}
      </Sub>
      <div className={styles.line}>
        <Code testId="address">{address ?? '–'}</Code>
        {address && <CopyButton text={address} label="Copy address" />}
      </div>
      <div className={styles.line}>
        <Button
          data-testid="faucet-button"
          loading={busy}
          onClick={() => act((actions) => actions.requestGas())}
        >
          Get 2 SOMA
        </Button>
      </div>
      <div className={styles.line}>
        <Sub>
          This account was made on this device for practice only. It signs for the practice network and can
          never sign for another one.
        </Sub>
      </div>
    </Card>
  )
}
