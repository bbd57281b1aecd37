import type { ByteSource } from '../data/byte-source.ts'
import { type StreamOptions, streamSource } from '../data/digest-source.ts'
import { createAesCtr } from './aes-ctr.ts'
import { type ByteSink, hashingSink } from './byte-sink.ts'

/** What the network asks about a hosted file. */
export interface FileCommitment {
  readonly size: number
  /** BLAKE2b-256 of the encrypted bytes, 32 bytes: manifest checksum and weights commitment. */
  readonly checksum: Uint8Array
}

/** Encrypts a whole file into a sink, a few MB in memory, and takes the commitment of what was written. */
export async function encryptFile(
  source: ByteSource,
  key: Uint8Array,
  sink: ByteSink,
  options: StreamOptions = {},
): Promise<FileCommitment> {
  const cipher = await createAesCtr(key)
  const hashing = await hashingSink(sink)
  for await (const chunk of streamSource(source, options)) {
    await hashing.write(await cipher.apply(chunk, hashing.size))
  }
  return { size: hashing.size, checksum: hashing.digest() }
}
