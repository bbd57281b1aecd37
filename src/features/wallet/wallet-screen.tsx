import { Notice } from '../../ui/notice.tsx'
import { StakesCard } from '../holdings/index.ts'
import { useStudioState } from '../studio-context.tsx'
import { AccountCard } from './account-card.tsx'
import { AccountsCard } from './accounts-card.tsx'
import { AddAccountCard } from './add-account-card.tsx'
import { ExportCard } from './export-card.tsx'
import { ImportForm } from './import-form.tsx'
import { SecretCard } from './secret-card.tsx'
import { SendCard } from './send-card.tsx'
import styles from './wallet.module.css'

/** The accounts, what they hold, and how they sign. */
export function WalletScreen() {
  const { kind, address, network, needsAccount } = useStudioState('wallet', (state) => state)
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        {needsAccount && (
          <Notice tone="warn" testId="needs-account">
            <p>{network.name} needs an account of its own.</p>
            <p>
              The practice account has no passphrase and never signs elsewhere. Create an account or import
              one; its secret stays on this device, encrypted.
            </p>
          </Notice>
        )}
        {!needsAccount && <AccountCard />}
        {kind !== null && kind !== 'watch-only' && <SendCard />}
        <StakesCard />
        <AccountsCard />
      </div>
      <div className={styles.column}>
        <AddAccountCard />
        {kind === 'local' && address && <ExportCard key={address} address={address} />}
        {kind === 'practice' && <SecretCard />}
        {kind === 'practice' && <ImportForm />}
      </div>
    </div>
  )
}
