import { normaliseId, type SomaId } from '../chain/ids.ts'
import type { Network } from '../chain/networks.ts'
import type { Signer } from '../chain/signer.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'
import { compactAddress } from '../lib/soma-address.ts'
import { StudioError } from '../lib/studio-error.ts'
import { createAccountBook } from '../wallet/account-book.ts'
import { offlineSigner, watchOnlySigner } from '../wallet/keyless-signers.ts'
import { createKeyring } from '../wallet/keyring.ts'
import { openPracticeAccount } from '../wallet/practice-account.ts'
import type { SignerPrompts } from '../wallet/signer-prompts.ts'
import { type SomaWallet, type StandardAccount, watchWallets } from '../wallet/wallet-standard.ts'
import { walletStandardSigner } from '../wallet/wallet-standard-signer.ts'
import type { AccountView, createWalletStore } from './wallet-store.ts'

/** Which account is used on which network, by network id. */
const IN_USE = 'accounts-in-use'
const AUTO_LOCK = 'auto-lock-minutes'

/**
 * All accounts of this device and the one in use on the current network: the practice account on the practice
 * network unless another was chosen; on any other network an account that is not the practice account, or none.
 */
export function createAccounts(options: {
  readonly storage: KeyValueStore
  readonly wallet: ReturnType<typeof createWalletStore>
  readonly prompts: SignerPrompts
  readonly now: () => number
}) {
  const { storage, wallet, prompts, now } = options
  const book = createAccountBook(storage)
  const keyring = createKeyring({
    book,
    prompts,
    now,
    autoLockMs: () => wallet.getState().autoLockMinutes * 60_000,
    onChange: () => refresh(),
  })
  let wallets: readonly SomaWallet[] = []
  /** Accounts that a browser wallet has shown; asked for again after a reload. */
  const connected = new Map<SomaId, { readonly wallet: SomaWallet; readonly account: StandardAccount }>()

  const minutes = storage.get(AUTO_LOCK)
  if (typeof minutes === 'number' && minutes > 0) wallet.setState({ autoLockMinutes: minutes })

  function views(network: Network): AccountView[] {
    const unlocked = keyring.unlocked()
    const stored = book.list().map(({ address, name, kind }): AccountView => {
      return { address, name, kind, unlocked: unlocked.includes(address) }
    })
    const ofWallets = [...connected].map(
      ([
        address,
        {
          wallet: { name },
          account,
        },
      ]): AccountView => {
        const label = account.label?.slice(0, 40) ?? compactAddress(address)
        return { address, name: `${name}: ${label}`, kind: 'wallet-standard', unlocked: true }
      },
    )
    const known = new Set(stored.map(({ address }) => address))
    return [...practiceView(network), ...stored, ...ofWallets.filter(({ address }) => !known.has(address))]
  }

  /** The practice account, where the network is its own and it can be read. */
  function practiceView(network: Network): AccountView[] {
    if (network.kind !== 'practice') return []
    try {
      const { address, kind } = openPracticeAccount(storage)
      return [{ address, name: 'Practice account', kind, unlocked: true }]
    } catch {
      // Said when something is to be signed; the other accounts work all the same.
      return []
    }
  }

  function inUse(): Readonly<Record<string, string>> {
    const stored = storage.get(IN_USE)
    return typeof stored === 'object' && stored !== null ? (stored as Record<string, string>) : {}
  }

  /** Shows the accounts of the current network, and the one in use. */
  function refresh(): void {
    const { network, address: shown } = wallet.getState()
    const accounts = views(network)
    const wanted = inUse()[network.id]
    const account = accounts.find(({ address }) => address === wanted) ?? accounts[0]
    wallet.setState({
      accounts,
      address: account?.address ?? null,
      kind: account?.kind ?? null,
      needsAccount: network.kind !== 'practice' && accounts.length === 0,
      ...(account?.address === shown ? {} : { balance: null, coins: 0, stakes: [] }),
    })
  }

  watchWallets(globalThis.window ?? new EventTarget(), (found) => {
    wallets = found
    for (const [address, entry] of connected) if (!found.includes(entry.wallet)) connected.delete(address)
    wallet.setState({ wallets: found.map(({ name, icon }) => ({ name, icon })) })
    refresh()
  })

  refresh()
  return {
    book,
    keyring,
    refresh,
    /** The signer in use. Throws 'refused' where the network has none. */
    current(): Signer {
      const { address, kind, network } = wallet.getState()
      if (address === null || kind === null) {
        if (network.kind === 'practice') return openPracticeAccount(storage)
        throw new StudioError('refused', `${network.name} has no account yet.`, {
          hint: 'Nothing was signed. Create or import an account with a passphrase on the Wallet screen.',
        })
      }
      switch (kind) {
        case 'practice':
          return openPracticeAccount(storage)
        case 'local':
          return keyring.signer(address)
        case 'offline':
          return offlineSigner(address, prompts)
        case 'watch-only':
          return watchOnlySigner(address)
        case 'wallet-standard': {
          const { wallet: from, account } = connected.get(address)!
          return walletStandardSigner(from, account, prompts)
        }
        default:
          return kind satisfies never
      }
    },
    /** Uses an account on the current network from now on. */
    use(address: SomaId): void {
      const { network } = wallet.getState()
      if (!views(network).some((account) => account.address === address)) {
        throw new StudioError('refused', `This account cannot be used on ${network.name}.`)
      }
      storage.set(IN_USE, { ...inUse(), [network.id]: address })
      refresh()
    },
    async connect(name: string): Promise<void> {
      const found = wallets.find((candidate) => candidate.name === name)
      const accounts = await found?.connect()
      if (!found || !accounts || accounts.length === 0) {
        throw new StudioError('refused', `${name} shows no account of SOMA.`, {
          hint: 'Nothing was changed. Unlock it and allow this page to see an account.',
        })
      }
      for (const account of accounts) connected.set(normaliseId(account.address), { wallet: found, account })
      refresh()
    },
    remove(address: SomaId): void {
      keyring.lock(address)
      book.remove(address)
      connected.delete(address)
      refresh()
    },
    setAutoLock(value: number): void {
      storage.set(AUTO_LOCK, value)
      wallet.setState({ autoLockMinutes: value })
      // What is open was opened under the old time.
      keyring.lock()
    },
  }
}

export type Accounts = ReturnType<typeof createAccounts>
