import type { ManifestValue } from '../../src/chain/bcs/manifest.ts'
import { digestToText } from '../../src/chain/ids.ts'
import { blake2b256 } from '../../src/lib/blake2b.ts'
import { equalBytes } from '../../src/lib/equal-bytes.ts'

const MIN_TIMEOUT_MS = 30_000
const NANOSECONDS_A_BYTE = 50

/**
 * The bytes of a manifest, checked against its size and checksum as a node's downloader does (protocol 7.5), with its
 * sentences. Never holds more than the size it was told.
 */
export async function fetchVerified(
  { url, checksum, size }: ManifestValue,
  fetch: typeof globalThis.fetch,
): Promise<Uint8Array<ArrayBuffer>> {
  const timeoutMs = Math.max(MIN_TIMEOUT_MS, (Number(size) * NANOSECONDS_A_BYTE) / 1e6)
  let response: Response
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
  } catch (cause) {
    throw new Error(`Network error: error sending request for url (${url})`, { cause })
  }
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`HTTP ${response.status} from ${url}`)
  }
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    parts.push(part)
    if (length > size) break
  }
  if (BigInt(length) !== size) throw new Error(`size mismatch: expected ${size} bytes, got ${length} bytes`)
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  const computed = await blake2b256(bytes)
  if (equalBytes(computed, checksum)) return bytes
  const expected = digestToText(checksum)
  throw new Error(`checksum mismatch: expected ${expected}, computed ${digestToText(computed)}`)
}
