import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'

const HARDENED = 0x80000000

/**
 * The 32-byte Ed25519 seed at a path below a BIP-39 seed, by SLIP-0010: every step is hardened, so the path is given
 * as plain numbers, each below 2^31.
 */
export function deriveEd25519Seed(seed: Uint8Array, path: readonly number[]): Uint8Array {
  let node = hmac(sha512, new TextEncoder().encode('ed25519 seed'), seed)
  for (const step of path) {
    const data = new Uint8Array(37)
    data.set(node.subarray(0, 32), 1)
    new DataView(data.buffer).setUint32(33, HARDENED + step)
    const next = hmac(sha512, node.subarray(32), data)
    data.fill(0)
    node.fill(0)
    node = next
  }
  const derived = node.slice(0, 32)
  node.fill(0)
  return derived
}
