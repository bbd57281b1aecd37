import type { Network } from '../chain/networks.ts'
import type { Signer } from '../chain/signer.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import { type Ed25519Key, generateKey, importKey } from './ed25519-key.ts'

const STORE_KEY = 'practice-account'

/** The account of the practice network: no passphrase, no value, and no signature for any other network. */
export interface PracticeAccount extends Signer {
  readonly kind: 'practice'
  readonly networkRestriction: 'practice'
  /** Bech32 text of the secret key, for a backup. */
  exportKey(): string
}

/**
 * The stored practice account, made on first use. Throws 'corrupt' rather than replace a stored key that cannot be
 * read: models on the practice network may belong to it.
 */
export function openPracticeAccount(store: KeyValueStore): PracticeAccount {
  const stored = store.get(STORE_KEY)
  if (stored === undefined) return saveAccount(store, generateKey())
  try {
    return account(importKey(String(stored)))
  } catch {
    throw new StudioError('corrupt', 'The stored practice account cannot be read.', {
      hint: 'Import its key again on the Wallet screen.',
    })
  }
}

/** Replaces the practice account by an exported key; throws 'bad-input' and keeps the old one where it is no key. */
export function importPracticeAccount(store: KeyValueStore, text: string): PracticeAccount {
  return saveAccount(store, importKey(text))
}

/** Forgets the practice account; the next use makes a new one. */
export function resetPracticeAccount(store: KeyValueStore): void {
  store.remove(STORE_KEY)
}

function saveAccount(store: KeyValueStore, key: Ed25519Key): PracticeAccount {
  store.set(STORE_KEY, key.export())
  return account(key)
}

function account(key: Ed25519Key): PracticeAccount {
  return {
    kind: 'practice',
    networkRestriction: 'practice',
    address: key.address,
    exportKey: key.export,
    sign: async (transactionData: Uint8Array, network: Network) => {
      if (network.kind !== 'practice') {
        throw new StudioError('refused', `The practice account never signs for ${network.name}.`, {
          hint: 'Nothing was signed. Create or import an account with a passphrase for this network.',
        })
      }
      return key.sign(transactionData)
    },
  }
}
