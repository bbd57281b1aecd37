import { StudioError } from '../lib/studio-error.ts'

/** 256 KiB calls run at 1,550 MB/s in Chromium, 8 MiB calls at 650 (measured). */
const CALL_BYTES = 256 * 1024
const BLOCK = 16

/** AES-256-CTR over a whole file: zero IV, 128-bit big-endian counter. Encryption and decryption are one. */
export interface AesCtr {
  /** Transforms bytes that stand at `offset` of the file. */
  apply(bytes: Uint8Array, offset: number): Promise<Uint8Array<ArrayBuffer>>
}

/** `key` has 32 bytes and must never serve two files: the IV is always zero. Source: protocol 6.1. */
export async function createAesCtr(key: Uint8Array): Promise<AesCtr> {
  if (key.length !== 32) {
    throw new StudioError('bad-input', `A key of ${key.length} bytes cannot be used: AES-256 needs 32.`, {
      hint: 'Use the 32-byte key that belongs to this file.',
    })
  }
  const imported = await crypto.subtle.importKey('raw', key.slice(), 'AES-CTR', false, ['encrypt'])
  const applyCall = async (bytes: Uint8Array, offset: number): Promise<Uint8Array> => {
    // A call starts at a block: what is before `offset` in its block is filled in and cut off again.
    const lead = offset % BLOCK
    const input = new Uint8Array(lead + bytes.length)
    input.set(bytes, lead)
    const counter = new Uint8Array(BLOCK)
    new DataView(counter.buffer).setBigUint64(8, BigInt((offset - lead) / BLOCK))
    const output = await crypto.subtle.encrypt({ name: 'AES-CTR', counter, length: 128 }, imported, input)
    return new Uint8Array(output, lead)
  }
  return {
    async apply(bytes, offset) {
      const result = new Uint8Array(bytes.length)
      const calls: Promise<void>[] = []
      for (let from = 0; from < bytes.length; from += CALL_BYTES) {
        const part = applyCall(bytes.subarray(from, from + CALL_BYTES), offset + from)
        calls.push(part.then((done) => result.set(done, from)))
      }
      await Promise.all(calls)
      return result
    },
  }
}

/** A fresh random key for one file, 32 bytes. */
export function createFileKey(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32))
}
