import { Button, NativeSelect } from '@mantine/core'
import { compactAddress } from '../../lib/soma-address.ts'
import type { AccountView } from '../../stores/wallet-store.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Tag } from '../../ui/pill.tsx'
import { Code } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { accountKindWords } from './account-kind-words.ts'
import styles from './wallet.module.css'

/** All accounts that can be used here, and the lock of those that have one. */
export function AccountsCard() {
  const { accounts, network } = useStudioState('wallet', (state) => state)
  if (accounts.length === 0) return null
  return (
    <Card title={`Accounts on ${network.kind === 'practice' ? 'the practice network' : network.name}`}>
      <ul className={styles.accounts} data-testid="accounts">
        {accounts.map((account) => (
          <AccountItem key={account.address} account={account} />
        ))}
      </ul>
      <LockLine />
    </Card>
  )
}

function AccountItem({ account }: { account: AccountView }) {
  const act = useAct()
  const current = useStudioState('wallet', (state) => state.address === account.address)
  const { address, name, kind, unlocked } = account
  const stored = kind !== 'practice' && kind !== 'wallet-standard'
  return (
    <li className={styles.account} data-account={address}>
      <div className={styles.accountText}>
        <div>
          <b>{name}</b>{' '}
          <Tag tone={current ? 'ok' : 'quiet'}>{current ? 'in use' : accountKindWords[kind][0]}</Tag>
          {kind === 'local' && ' '}
          {kind === 'local' && (
            <Tag tone={unlocked ? 'warn' : 'quiet'} testId="lock-state">
              {unlocked ? 'unlocked' : 'locked'}
            </Tag>
          )}
        </div>
        <Code title={address}>{compactAddress(address, 6)}</Code>
      </div>
      {!current && (
        <Button
          size="xs"
          data-testid="use-account"
          aria-label={`Use ${name}`}
          onClick={() => act((actions) => actions.chooseAccount(address))}
        >
          Use
        </Button>
      )}
      {stored && (
        <ConfirmButton
          size="xs"
          variant="subtle"
          color="red"
          label="Remove"
          aria-label={`Remove ${name}`}
          testId="remove-account"
          confirmTestId="remove-account-confirm"
          question={`Remove ${name}?`}
          confirmLabel="Remove it from this device"
          onConfirm={() => act((actions) => actions.removeAccount(address))}
        >
          {kind === 'local'
            ? 'Its encrypted key is deleted here. Only your recovery phrase or an exported key brings the account back. Nothing changes on the network.'
            : 'The address is forgotten here. Nothing changes on the network.'}
        </ConfirmButton>
      )}
    </li>
  )
}

const minutes = [1, 5, 10, 30, 60]

/** How long a key stays unlocked, where there is one. */
function LockLine() {
  const act = useAct()
  const { accounts, autoLockMinutes } = useStudioState('wallet', (state) => state)
  const locals = accounts.filter(({ kind }) => kind === 'local')
  if (locals.length === 0) return null
  return (
    <div className={styles.lock}>
      <NativeSelect
        label="Lock after the last signature"
        value={String(autoLockMinutes)}
        data={minutes.map((value) => ({
          value: String(value),
          label: value === 1 ? '1 minute' : `${value} minutes`,
        }))}
        data-testid="auto-lock"
        onChange={(event) => {
          const value = Number(event.currentTarget.value)
          act((actions) => actions.setAutoLock(value))
        }}
      />
      <Button
        data-testid="lock-button"
        disabled={!locals.some(({ unlocked }) => unlocked)}
        onClick={() => act((actions) => actions.lockAccounts())}
      >
        Lock now
      </Button>
    </div>
  )
}
