import { ed25519 } from '@noble/curves/ed25519.js'
import { signingHash } from '../chain/digests.ts'
import type { SomaId } from '../chain/ids.ts'
import { addressOf, joinSignature } from '../chain/signature.ts'

/** A key that signs until it is let go; its secret cannot be read back from it. */
export interface UnlockedKey {
  readonly address: SomaId
  /** `browser`: a non-extractable WebCrypto key. `script`: the browser has no Ed25519, so the seed stays in a closure. */
  readonly heldBy: 'browser' | 'script'
  /** The 97-byte signature (flag, signature, public key) of BCS TransactionData bytes. */
  sign(transactionData: Uint8Array): Promise<Uint8Array>
}

/** PKCS #8 of an Ed25519 key (RFC 8410) up to its 32 bytes of seed. */
const PKCS8_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

/** A signing key of a 32-byte seed. The caller wipes its own copy of the seed. */
export async function unlockKey(
  seed: Uint8Array,
  subtle: Pick<SubtleCrypto, 'importKey' | 'sign'> = crypto.subtle,
): Promise<UnlockedKey> {
  const publicKey = ed25519.getPublicKey(seed)
  const address = addressOf(publicKey)
  const key = await importSeed(seed, subtle)
  if (key === null) {
    const copy = seed.slice()
    return {
      address,
      heldBy: 'script',
      sign: async (data) => joinSignature(ed25519.sign(signingHash(data), copy), publicKey),
    }
  }
  return {
    address,
    heldBy: 'browser',
    sign: async (data) => {
      const signature = await subtle.sign('Ed25519', key, Uint8Array.from(signingHash(data)))
      return joinSignature(new Uint8Array(signature), publicKey)
    },
  }
}

/** Null where the browser has no Ed25519. */
async function importSeed(
  seed: Uint8Array,
  subtle: Pick<SubtleCrypto, 'importKey'>,
): Promise<CryptoKey | null> {
  const pkcs8 = new Uint8Array(48)
  pkcs8.set(PKCS8_HEAD)
  pkcs8.set(seed, PKCS8_HEAD.length)
  try {
    return await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  } catch {
    return null
  } finally {
    pkcs8.fill(0)
  }
}
