import { createBlake2b256 } from '../lib/blake2b.ts'

/** Where bytes are written in order. A sink may keep no reference to what it was given. */
export interface ByteSink {
  write(bytes: Uint8Array): void | Promise<void>
}

/** A sink that collects in memory, for small files and tests. */
export interface MemorySink extends ByteSink {
  /** Everything written so far, in one piece. */
  bytes(): Uint8Array<ArrayBuffer>
}

export function memorySink(): MemorySink {
  const parts: Uint8Array[] = []
  return {
    write: (bytes) => void parts.push(bytes.slice()),
    bytes() {
      const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
      let offset = 0
      for (const part of parts) {
        whole.set(part, offset)
        offset += part.length
      }
      return whole
    },
  }
}

/** Passes bytes on and takes their BLAKE2b-256. */
export interface HashingSink extends ByteSink {
  readonly size: number
  /** The digest of everything written, 32 bytes; call it once, at the end. */
  digest(): Uint8Array
}

export async function hashingSink(sink: ByteSink): Promise<HashingSink> {
  const hasher = await createBlake2b256()
  let size = 0
  return {
    get size() {
      return size
    },
    write(bytes) {
      hasher.update(bytes)
      size += bytes.length
      return sink.write(bytes)
    },
    digest: () => hasher.digest(),
  }
}
