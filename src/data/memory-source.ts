import { throwIfAborted } from '../lib/abort.ts'
import type { ByteSource } from './byte-source.ts'
import { checkRange } from './check-range.ts'

/** Bytes that are in memory already; slices are copies, so a caller may keep or change them. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    async slice(from, to, signal) {
      throwIfAborted(signal)
      checkRange(name, bytes.length, from, to)
      return bytes.slice(from, to)
    },
  }
}
