import { Button } from '@mantine/core'
import { Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './wallet.module.css'

/** Wallets of this browser that announce that they can sign for SOMA. */
export function BrowserWallets() {
  const act = useAct()
  const wallets = useStudioState('wallet', (state) => state.wallets)
  return (
    <>
      <Sub>
        Wallets that follow the Wallet Standard and announce soma:signTransaction appear here. None is known
        to exist today; the studio is ready for the first one.
      </Sub>
      {wallets.length === 0 && <Sub testId="no-wallets">This browser has none.</Sub>}
      {wallets.map(({ name, icon }) => (
        <div className={styles.line} key={name}>
          {icon && <img src={icon} alt="" width={20} height={20} />}
          <span>{name}</span>
          <Button
            size="xs"
            data-testid="connect-wallet"
            onClick={() => act((actions) => actions.connectWallet(name))}
          >
            Connect
          </Button>
        </div>
      ))}
    </>
  )
}
