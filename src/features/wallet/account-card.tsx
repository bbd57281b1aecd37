import { Button } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Tag } from '../../ui/pill.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { accountKindWords } from './account-kind-words.ts'
import styles from './wallet.module.css'

/** The account in use on the current network. */
export function AccountCard() {
  const act = useAct()
  const { address, balance, coins, busy, kind, accounts, network } = useStudioState(
    'wallet',
    (state) => state,
  )
  const [word, sentence] = accountKindWords[kind ?? 'practice']
  const name = accounts.find((account) => account.address === address)?.name ?? 'Practice account'
  const isPractice = network.kind === 'practice'
  return (
    <Card title={name} action={<Tag tone="quiet">{word}</Tag>}>
      <div
        className={styles.balance}
        data-testid="balance"
        title={`Sum of the account’s coins on this network`}
      >
        {balance === null ? '–' : formatSoma(balance)} <small>SOMA</small>
      </div>
      <Sub>
        {balance === null ? 'Reading the balance…' : `In ${formatPlural(coins, 'coin')}.`}
        {balance !== null && isPractice && ' It has no value.'}
      </Sub>
      <div className={styles.line}>
        <Code testId="address">{address ?? '–'}</Code>
        {address && <CopyButton text={address} label="Copy address" />}
      </div>
      <div className={styles.line}>
        {(isPractice || network.urls.faucet !== undefined) && (
          <Button
            data-testid="faucet-button"
            loading={busy}
            onClick={() => act((actions) => actions.requestGas())}
          >
            {isPractice ? 'Get 2 SOMA' : 'Ask the faucet'}
          </Button>
        )}
        {coins > 2 && kind !== 'watch-only' && (
          <Button
            data-testid="merge-button"
            title="One transaction merges them"
            onClick={() => act((actions) => actions.mergeCoins())}
          >
            Merge coins
          </Button>
        )}
      </div>
      <div className={styles.line}>
        <Sub>{sentence}</Sub>
      </div>
    </Card>
  )
}
