import type { ByteSource } from '../data/byte-source.ts'
import { type StreamOptions, streamSource } from '../data/digest-source.ts'
import { throwIfAborted } from '../lib/abort.ts'
import { createBlake2b256 } from '../lib/blake2b.ts'
import { equalBytes } from '../lib/equal-bytes.ts'
import { StudioError } from '../lib/studio-error.ts'
import { createAesCtr } from './aes-ctr.ts'
import type { ByteSink } from './byte-sink.ts'

/** What the registry says about a hosted file. */
export interface HostedFile {
  readonly size: number
  /** BLAKE2b-256 of the hosted bytes, 32 bytes. */
  readonly checksum: Uint8Array
  /** AES-256 key, 32 bytes; absent where the file is hosted in the clear. */
  readonly key?: Uint8Array
}

/**
 * Reads a hosted file once, decrypting into the sink while size and checksum are taken. 'corrupt' says which
 * of the two differs. What reached the sink before is then worthless: write inside `vault.writeFile`, which
 * keeps nothing of a write that throws.
 */
export async function decryptVerified(
  input: ByteSource | ReadableStream<Uint8Array>,
  file: HostedFile,
  sink: ByteSink,
  options: StreamOptions = {},
): Promise<void> {
  const cipher = file.key ? await createAesCtr(file.key) : undefined
  const hasher = await createBlake2b256()
  if (!(input instanceof ReadableStream) && input.size !== file.size) throw wrongSize(file.size, input.size)
  const chunks =
    input instanceof ReadableStream ? streamChunks(input, options.signal) : streamSource(input, options)
  let offset = 0
  for await (const chunk of chunks) {
    if (offset + chunk.length > file.size) throw wrongSize(file.size, `at least ${offset + chunk.length}`)
    hasher.update(chunk)
    await sink.write(cipher ? await cipher.apply(chunk, offset) : chunk)
    offset += chunk.length
    if (input instanceof ReadableStream) options.onProgress?.(offset, file.size)
  }
  if (offset !== file.size) throw wrongSize(file.size, offset)
  if (!equalBytes(hasher.digest(), file.checksum)) {
    throw new StudioError('corrupt', 'The hosted file is not the committed one: its checksum differs.', {
      hint: 'Nothing of it was kept. Choose another model, or try again later.',
      retryable: true,
    })
  }
}

async function* streamChunks(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let finished = false
  try {
    for (;;) {
      throwIfAborted(signal)
      const { done, value } = await reader.read().catch(brokenConnection)
      if (done) {
        finished = true
        return
      }
      yield value
    }
  } finally {
    // Stops the download; a stream that broke by itself has nothing left to stop.
    if (!finished) await reader.cancel().catch(() => undefined)
    reader.releaseLock()
  }
}

function brokenConnection(cause: unknown): never {
  if (cause instanceof StudioError) throw cause
  throw new StudioError('network', 'The download broke off.', {
    hint: 'Nothing of it was kept. Check the connection and try again.',
    retryable: true,
    cause,
  })
}

function wrongSize(expected: number, found: number | string): StudioError {
  return new StudioError(
    'corrupt',
    `The hosted file is not the committed one: its size is ${found} bytes, not ${expected}.`,
    { hint: 'Nothing of it was kept. Choose another model, or try again later.', retryable: true },
  )
}
