import { base64 } from '@scure/base'
import { StudioError } from '../lib/studio-error.ts'

/** The least that OWASP advises for PBKDF2-SHA256 (2023); a stored secret with fewer is not opened. */
export const MIN_ROUNDS = 600_000
const MAX_ROUNDS = 20_000_000

export const MIN_PASSPHRASE_LENGTH = 10

/** A secret as it is stored: AES-256-GCM under a key that PBKDF2 makes of a passphrase. */
export interface SealedSecret {
  readonly kdf: 'PBKDF2-SHA256'
  readonly rounds: number
  /** Base64 of 16, 12 and n + 16 bytes. */
  readonly salt: string
  readonly iv: string
  readonly data: string
}

/** Throws 'bad-input' for a passphrase that could be tried out in an afternoon. */
export function checkPassphrase(passphrase: string): void {
  if ([...passphrase.normalize('NFKC')].length < MIN_PASSPHRASE_LENGTH) {
    throw new StudioError(
      'bad-input',
      `A passphrase needs at least ${MIN_PASSPHRASE_LENGTH} characters; this one is shorter.`,
      { hint: 'Several words in a row are easy to remember and hard to guess. Nothing was stored.' },
    )
  }
}

/** Encrypts a secret; `label` (the account's address) is bound to it, so that records cannot change places. */
export async function sealSecret(
  secret: Uint8Array,
  passphrase: string,
  label: string,
): Promise<SealedSecret> {
  checkPassphrase(passphrase)
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const key = await deriveKey(passphrase, salt, MIN_ROUNDS)
  const data = await crypto.subtle.encrypt(gcm(iv, label), key, Uint8Array.from(secret))
  return {
    kdf: 'PBKDF2-SHA256',
    rounds: MIN_ROUNDS,
    salt: base64.encode(salt),
    iv: base64.encode(iv),
    data: base64.encode(new Uint8Array(data)),
  }
}

/** The secret; 'refused' for a wrong passphrase, 'corrupt' for a record that no version of the studio wrote. */
export async function openSecret(
  sealed: SealedSecret,
  passphrase: string,
  label: string,
): Promise<Uint8Array> {
  const { rounds, salt, iv, data } = readRecord(sealed)
  const key = await deriveKey(passphrase, salt, rounds)
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, label), key, data))
  } catch {
    throw new StudioError('refused', 'This is not the passphrase of this account.', {
      hint: 'Nothing was unlocked. Try again; a lost passphrase can only be replaced by restoring the account.',
    })
  }
}

function readRecord(sealed: SealedSecret) {
  const { kdf, rounds } = sealed
  try {
    const [salt, iv, data] = [sealed.salt, sealed.iv, sealed.data].map((text) =>
      Uint8Array.from(base64.decode(text)),
    )
    const known = kdf === 'PBKDF2-SHA256' && rounds >= MIN_ROUNDS && rounds <= MAX_ROUNDS
    if (known && salt?.length === 16 && iv?.length === 12 && data && data.length > 16) {
      return { rounds, salt, iv, data }
    }
  } catch {
    // Not Base64: the same error below.
  }
  throw new StudioError('corrupt', 'The stored secret of this account cannot be read.', {
    hint: 'Restore the account from its recovery phrase or an exported key.',
  })
}

async function deriveKey(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'))
  const base = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey'])
  bytes.fill(0)
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(parameters, base, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}

function gcm(iv: Uint8Array<ArrayBuffer>, label: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(`soma-studio/${label}`) }
}
