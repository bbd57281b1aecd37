import { normaliseId, type SomaId } from '../chain/ids.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { SealedSecret } from './sealed-secret.ts'

const prefix = 'account/'

interface AccountBase {
  readonly address: SomaId
  readonly name: string
  /** Milliseconds since 1970. */
  readonly addedAt: number
}

export interface LocalAccount extends AccountBase {
  readonly kind: 'local'
  readonly sealed: SealedSecret
}

/** Whose key is elsewhere: on another machine that signs, or nowhere within reach. */
export interface KeylessAccount extends AccountBase {
  readonly kind: 'offline' | 'watch-only'
}

export type StoredAccount = LocalAccount | KeylessAccount

/** Accounts of this device besides the practice account, oldest first; one entry each in the store. */
export interface AccountBook {
  list(): readonly StoredAccount[]
  /** Throws 'not-found'. */
  find(address: SomaId): StoredAccount
  /** Throws 'refused' where the address is there already, unless it gains its key by this. */
  add(account: StoredAccount): void
  remove(address: SomaId): void
}

export function createAccountBook(storage: KeyValueStore): AccountBook {
  const read = (address: string): StoredAccount | undefined => {
    const stored = storage.get(prefix + address)
    return isAccount(stored) && stored.address === address ? stored : undefined
  }
  const find = (address: SomaId): StoredAccount => {
    const account = read(normaliseId(address))
    if (account) return account
    throw new StudioError('not-found', 'This account is not on this device.', {
      hint: 'Restore or import it on the Wallet screen.',
    })
  }
  return {
    find,
    list: () =>
      storage
        .keys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => read(key.slice(prefix.length)))
        .filter((account) => account !== undefined)
        .sort((a, b) => a.addedAt - b.addedAt),
    add(account) {
      const known = read(account.address)
      if (known && (known.kind === 'local' || account.kind !== 'local')) {
        throw new StudioError('refused', `This account is here already, as ${known.name}.`, {
          hint: 'Nothing was changed. Remove it first if you want to add it anew.',
        })
      }
      storage.set(prefix + account.address, account)
    },
    remove: (address) => storage.remove(prefix + address),
  }
}

function isAccount(value: unknown): value is StoredAccount {
  if (typeof value !== 'object' || value === null) return false
  const { kind, address, name, addedAt, sealed } = value as Partial<Omit<LocalAccount, 'kind'>> & {
    kind?: string
  }
  if (typeof address !== 'string' || typeof name !== 'string' || typeof addedAt !== 'number') return false
  if (kind === 'local') return typeof sealed === 'object' && sealed !== null
  return kind === 'offline' || kind === 'watch-only'
}
