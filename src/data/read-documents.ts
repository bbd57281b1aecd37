import { throwIfAborted } from '../lib/abort.ts'
import { createBlake2b256 } from '../lib/blake2b.ts'
import { formatBytes } from '../lib/format-bytes.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ByteSource } from './byte-source.ts'
import type { CorpusDocument, CorpusInput } from './corpus.ts'
import { type StreamOptions, streamSource } from './digest-source.ts'
import { memorySource } from './memory-source.ts'

/** A corpus up to this size is kept in memory, so that training never waits for files or loses them. */
const KEEP_BYTES = 64 * 1024 * 1024

/**
 * Reads every input once for its digest. What is empty, unreadable or there twice is left out with a sentence
 * in `warnings`; the rest is kept. Only cancelling rejects.
 */
export async function readDocuments(
  inputs: readonly CorpusInput[],
  options: StreamOptions,
): Promise<{ documents: CorpusDocument[]; warnings: string[] }> {
  const total = inputs.reduce((sum, { source }) => sum + source.size, 0)
  const keep = total <= KEEP_BYTES
  const documents: CorpusDocument[] = []
  const warnings: string[] = []
  const names = new Map<string, string>()
  let before = 0
  for (const input of inputs) {
    throwIfAborted(options.signal)
    const { name, source } = input
    try {
      if (source.size === 0) {
        warnings.push(`${name} is empty, a folder, or cannot be read, and was left out.`)
        continue
      }
      const start = before
      const read = await readOne(source, keep, {
        ...options,
        onProgress: (done) => options.onProgress?.(start + done, total),
      })
      const hex = toHex(read.digest)
      const first = names.get(hex)
      if (first !== undefined) warnings.push(`${name} is the same as ${first} and was left out.`)
      else {
        names.set(hex, name)
        documents.push({ ...input, source: read.source, digest: read.digest })
      }
    } catch (error) {
      const reason = StudioError.from(error)
      if (reason.code === 'cancelled') throw reason
      warnings.push(`${reason.message} It was left out (${formatBytes(source.size)}).`)
    } finally {
      before += source.size
    }
  }
  return { documents, warnings }
}

async function readOne(
  source: ByteSource,
  keep: boolean,
  options: StreamOptions,
): Promise<{ source: ByteSource; digest: Uint8Array }> {
  const hasher = await createBlake2b256()
  const kept = keep ? new Uint8Array(source.size) : undefined
  let offset = 0
  for await (const chunk of streamSource(source, options)) {
    hasher.update(chunk)
    kept?.set(chunk, offset)
    offset += chunk.length
  }
  return { source: kept ? memorySource(source.name, kept) : source, digest: hasher.digest() }
}
