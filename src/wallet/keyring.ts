import { normaliseId, type SomaId } from '../chain/ids.ts'
import type { Signer } from '../chain/signer.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { AccountBook, LocalAccount } from './account-book.ts'
import { type ExportedKey, exportSeed, keyOfSeed } from './ed25519-key.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'
import type { SignerPrompts } from './signer-prompts.ts'
import { type UnlockedKey, unlockKey } from './unlocked-key.ts'

/** The accounts whose secrets are on this device, and which of them may sign without a passphrase right now. */
export interface Keyring {
  /** Seals a 32-byte seed and stores it as an account, locked; wipes the seed. Resolves with its address. */
  add(name: string, seed: Uint8Array, passphrase: string): Promise<SomaId>
  /** 'refused' for a wrong passphrase. */
  unlock(address: SomaId, passphrase: string): Promise<void>
  /** One account, or all. */
  lock(address?: SomaId): void
  unlocked(): readonly SomaId[]
  /** Asks for the passphrase where the account is locked. */
  signer(address: SomaId): Signer
  /** The passphrase is asked for again although the account may be unlocked. */
  exportKey(address: SomaId, passphrase: string): Promise<ExportedKey>
}

export interface KeyringOptions {
  readonly book: AccountBook
  readonly prompts: SignerPrompts
  readonly now: () => number
  /** Milliseconds after the last use until an account locks itself. */
  readonly autoLockMs: () => number
  /** Told whenever an account was unlocked or locked. */
  readonly onChange: () => void
}

interface OpenKey {
  readonly key: UnlockedKey
  /** By the clock, because timers stand still while a machine sleeps. */
  readonly until: number
  readonly timer: ReturnType<typeof setTimeout>
}

export function createKeyring({ book, prompts, now, autoLockMs, onChange }: KeyringOptions): Keyring {
  const open = new Map<SomaId, OpenKey>()

  function findLocal(address: SomaId): LocalAccount {
    const account = book.find(address)
    if (account.kind === 'local') return account
    throw new StudioError('refused', `The key of ${account.name} is not on this device.`)
  }

  function lock(address: SomaId): void {
    clearTimeout(open.get(address)?.timer)
    if (open.delete(address)) onChange()
  }

  /** Starts the time to the lock anew. */
  function keepOpen(address: SomaId, key: UnlockedKey): void {
    clearTimeout(open.get(address)?.timer)
    const ms = autoLockMs()
    const timer = setTimeout(() => lock(address), ms)
    open.set(address, { key, until: now() + ms, timer })
  }

  function unlockedKey(address: SomaId): UnlockedKey | undefined {
    const entry = open.get(address)
    if (!entry) return undefined
    if (now() < entry.until) return entry.key
    lock(address)
    return undefined
  }

  async function unlock(address: SomaId, passphrase: string): Promise<UnlockedKey> {
    const seed = await openSecret(findLocal(address).sealed, passphrase, address)
    const key = await unlockKey(seed).finally(() => seed.fill(0))
    if (key.address !== address) {
      throw new StudioError('corrupt', 'The stored secret belongs to another account.', {
        hint: 'Nothing was unlocked. Restore the account from its recovery phrase or an exported key.',
      })
    }
    keepOpen(address, key)
    onChange()
    return key
  }

  return {
    async add(name, seed, passphrase) {
      try {
        const { address } = keyOfSeed(seed)
        const sealed = await sealSecret(seed, passphrase, address)
        book.add({ kind: 'local', address, name, addedAt: now(), sealed })
        return address
      } finally {
        seed.fill(0)
      }
    },
    async unlock(address, passphrase) {
      await unlock(normaliseId(address), passphrase)
    },
    lock(address) {
      for (const known of address === undefined ? [...open.keys()] : [normaliseId(address)]) lock(known)
    },
    unlocked: () => [...open.keys()].filter((address) => unlockedKey(address) !== undefined),
    signer(address) {
      const { name } = findLocal(address)
      return {
        kind: 'local',
        address,
        async sign(transactionData) {
          const key =
            unlockedKey(address) ??
            (await prompts.ask({ kind: 'passphrase', address, name }, (answer) => unlock(address, answer)))
          const signature = await key.sign(transactionData)
          if (open.has(address)) keepOpen(address, key)
          return signature
        },
      }
    },
    async exportKey(address, passphrase) {
      const seed = await openSecret(findLocal(address).sealed, passphrase, address)
      try {
        return exportSeed(seed)
      } finally {
        seed.fill(0)
      }
    },
  }
}
