import { normaliseId } from '../../chain/ids.ts'
import type { Network } from '../../chain/networks.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { importKey, keyOfSeed, seedOfKeyText } from '../../wallet/ed25519-key.ts'
import { importPracticeAccount, openPracticeAccount } from '../../wallet/practice-account.ts'
import type { Accounts } from '../accounts.ts'
import { isWorld, placeOf } from '../draft-place.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'

/** Where a new passphrase account comes from. */
export type AccountSource =
  | { readonly kind: 'phrase'; readonly phrase: string }
  | { readonly kind: 'key'; readonly text: string }

export function walletActions(
  { stores, storage }: StudioParts,
  network: Pick<NetworkActions, 'refreshAccount'>,
  accounts: Accounts,
) {
  const { wallet, publish, signing } = stores

  /** A model of the practice account that may still have to be committed or revealed, here or in another world. */
  function unfinishedModel() {
    const { system } = stores.network.getState()
    const open = placeOf(stores.network.getState())
    return publish.getState().drafts.find((draft) => {
      if (draft.modelId === null || draft.revealDigest !== null || !isWorld(draft.place)) return false
      if (draft.place !== open) return true
      const state = system?.models.find(({ id }) => id === draft.modelId)?.state
      return state === 'created' || state === 'pending'
    })
  }

  /** Throws 'refused' while something on screen waits for the signature of the account in use. */
  function refuseWhileSigning(): void {
    const { request, prompt } = signing.getState()
    if (publish.getState().wizard?.review) {
      throw new StudioError('refused', 'A review on the Publish screen waits for this account.', {
        hint: 'Nothing was changed. Sign or close it first, then use another account.',
      })
    }
    if (prompt || request?.stage === 'review' || request?.stage === 'signing') {
      throw new StudioError('refused', 'A transaction waits for this account.', {
        hint: 'Nothing was changed. Sign or cancel it first, then use another account.',
      })
    }
  }

  /** Null where it cannot be read. */
  function practiceAddress(): string | null {
    try {
      return openPracticeAccount(storage).address
    } catch {
      return null
    }
  }

  async function use(address: string): Promise<void> {
    accounts.use(address)
    await network.refreshAccount()
  }

  return {
    exportSecret: async () => openPracticeAccount(storage).exportKey(),
    async importSecret(text: string) {
      refuseWhileSigning()
      const draft = unfinishedModel()
      if (draft) {
        throw new StudioError('refused', `${draft.name} still needs this account for its commit or reveal.`, {
          hint: 'Nothing was changed. Finish the model first, then import another account.',
        })
      }
      // The practice account's key lies here in the clear: what is worth a passphrase must not become one.
      const wanted = importKey(text).address
      if (accounts.book.list().some((account) => account.kind === 'local' && account.address === wanted)) {
        throw new StudioError('refused', 'This key belongs to an account with a passphrase.', {
          hint: 'Nothing was changed. Use that account on the practice network instead: choose it in the list.',
        })
      }
      const { address } = importPracticeAccount(storage, text.trim())
      await use(address)
    },

    /** Says on which network the accounts act from now on; the practice account is offered on its own only. */
    showAccountsOf(next: Network) {
      if (wallet.getState().network === next) return
      wallet.setState({ network: next, balance: null, coins: 0, stakes: [] })
      accounts.refresh()
    },
    async chooseAccount(address: string) {
      refuseWhileSigning()
      await use(address)
    },
    /** Stores an account behind a passphrase and uses it; resolves with its address. */
    async addAccount(name: string, source: AccountSource, passphrase: string) {
      refuseWhileSigning()
      const seed = source.kind === 'phrase' ? await seedOf(source.phrase) : seedOfKeyText(source.text)
      if (keyOfSeed(seed).address === practiceAddress()) {
        throw new StudioError('refused', 'This is the key of the practice account.', {
          hint: 'Nothing was stored. It lies unencrypted on this device, so it must not sign on another network: create a new account.',
        })
      }
      const address = await accounts.keyring.add(nameOf(name), seed, passphrase)
      await use(address)
      return address
    },
    /** An address whose key is on another machine, or nowhere within reach. */
    async addAddress(kind: 'offline' | 'watch-only', name: string, address: string) {
      refuseWhileSigning()
      const id = normaliseId(address, 'address')
      accounts.book.add({ kind, address: id, name: nameOf(name), addedAt: Date.now() })
      await use(id)
    },
    async removeAccount(address: string) {
      refuseWhileSigning()
      const model = stores.network
        .getState()
        .system?.models.find(
          ({ owner, state }) => owner === address && (state === 'created' || state === 'pending'),
        )
      if (model) {
        throw new StudioError('refused', `Model ${compactAddress(model.id)} still needs this account.`, {
          hint: 'Nothing was removed. Commit or reveal the model first: without it half of its stake is lost.',
        })
      }
      accounts.remove(address)
      await network.refreshAccount()
    },
    unlockAccount: (address: string, passphrase: string) => accounts.keyring.unlock(address, passphrase),
    lockAccounts: () => accounts.keyring.lock(),
    exportAccount: (address: string, passphrase: string) => accounts.keyring.exportKey(address, passphrase),
    setAutoLock: (minutes: number) => accounts.setAutoLock(minutes),
    connectWallet: (name: string) => accounts.connect(name),
  }
}

/** The list of words comes when a phrase does. */
async function seedOf(phrase: string): Promise<Uint8Array> {
  const { seedOfPhrase } = await import('../../wallet/recovery-phrase.ts')
  return seedOfPhrase(phrase)
}

function nameOf(text: string): string {
  const name = text.trim().slice(0, 40)
  if (name !== '') return name
  throw new StudioError('bad-input', 'The account needs a name.', { hint: 'Write one that you recognise.' })
}
