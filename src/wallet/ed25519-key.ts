import { ed25519 } from '@noble/curves/ed25519.js'
import { base64, bech32, hex } from '@scure/base'
import { signingHash } from '../chain/digests.ts'
import type { SomaId } from '../chain/ids.ts'
import { addressOf, ED25519_FLAG, joinSignature } from '../chain/signature.ts'
import { StudioError } from '../lib/studio-error.ts'

const PREFIX = 'somaprivkey'

/** A secret key in memory. The seed is held in a closure, so that logging or storing the object shows nothing. */
export interface Ed25519Key {
  readonly publicKey: Uint8Array
  readonly address: SomaId
  /** The 97-byte signature (flag, signature, public key) of BCS TransactionData bytes. */
  sign(transactionData: Uint8Array): Uint8Array
  /** Bech32 text `somaprivkey1...`, as the command line tools export it. */
  export(): string
}

/** A key of a 32-byte seed; throws 'bad-input'. */
export function keyOfSeed(seed: Uint8Array): Ed25519Key {
  if (seed.length !== 32) throw invalidKey()
  const secret = seed.slice()
  const publicKey = ed25519.getPublicKey(secret)
  return {
    publicKey,
    address: addressOf(publicKey),
    sign: (transactionData) => joinSignature(ed25519.sign(signingHash(transactionData), secret), publicKey),
    export: () => bech32.encode(PREFIX, bech32.toWords(withFlag(secret))),
  }
}

export function generateKey(): Ed25519Key {
  return keyOfSeed(crypto.getRandomValues(new Uint8Array(32)))
}

/**
 * A key of any documented text form: Bech32 `somaprivkey1...`, 64 hex digits (with or without 0x), or the Base64 of
 * a keystore entry. Throws 'bad-input'; the error never repeats the text.
 */
export function importKey(text: string): Ed25519Key {
  return keyOfSeed(seedOfKeyText(text))
}

/** The 32-byte seed of any text form that `importKey` reads; throws 'bad-input' without repeating the text. */
export function seedOfKeyText(text: string): Uint8Array {
  const trimmed = text.trim()
  try {
    if (/^(0x)?[0-9a-f]{64}$/i.test(trimmed)) return hex.decode(trimmed.replace(/^0x/i, '').toLowerCase())
    if (trimmed.toLowerCase().startsWith(PREFIX)) {
      const { prefix, words } = bech32.decode(trimmed as `${string}1${string}`, 120)
      if (prefix === PREFIX) return withoutFlag(bech32.fromWords(words))
    } else {
      return withoutFlag(base64.decode(trimmed))
    }
  } catch {
    // The cause would quote the secret.
  }
  throw invalidKey()
}

/** The text forms that the command line tools and the Python package read. */
export interface ExportedKey {
  readonly bech32: string
  readonly hex: string
  /** An entry of the keystore file. */
  readonly keystore: string
}

export function exportSeed(seed: Uint8Array): ExportedKey {
  return {
    bech32: keyOfSeed(seed).export(),
    hex: hex.encode(seed),
    keystore: base64.encode(withFlag(seed)),
  }
}

function withFlag(seed: Uint8Array): Uint8Array {
  return Uint8Array.of(ED25519_FLAG, ...seed)
}

function withoutFlag(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 33 || bytes[0] !== ED25519_FLAG) throw invalidKey()
  return bytes.slice(1)
}

function invalidKey(): StudioError {
  return new StudioError('bad-input', 'This is not a secret key that the studio knows.', {
    hint: 'Paste a text that starts with somaprivkey1, 64 hexadecimal digits, or the Base64 of a keystore entry.',
  })
}
