import { throwIfAborted } from '../lib/abort.ts'
import { createBlake2b256 } from '../lib/blake2b.ts'
import type { ByteSource } from './byte-source.ts'

/** Called with the bytes done so far of the total. */
export type ByteProgress = (done: number, total: number) => void

export interface StreamOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: ByteProgress
}

/** Bytes read at once from a source that is streamed. */
export const STREAM_CHUNK = 4 * 1024 * 1024

/** The source in order, in chunks of at most `chunkBytes`; one chunk is in memory at a time. */
export async function* streamSource(
  source: ByteSource,
  options: StreamOptions = {},
  chunkBytes: number = STREAM_CHUNK,
): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < source.size; from += chunkBytes) {
    throwIfAborted(options.signal)
    const to = Math.min(source.size, from + chunkBytes)
    yield await source.slice(from, to, options.signal)
    options.onProgress?.(to, source.size)
  }
}

/** BLAKE2b-256 of a whole source, 32 bytes. */
export async function digestSource(source: ByteSource, options: StreamOptions = {}): Promise<Uint8Array> {
  const hasher = await createBlake2b256()
  for await (const chunk of streamSource(source, options)) hasher.update(chunk)
  return hasher.digest()
}
