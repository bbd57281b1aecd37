import { StudioError } from '../lib/studio-error.ts'
import { openPartial, type PartialFile } from './partial-file.ts'
import { streamChunks } from './stream-chunks.ts'
import type { Vault } from './vault.ts'

export interface ResumeDownloadOptions {
  readonly vault: Vault
  /** What tells the file from every other, hex: its digest. Hosts of one file share what was received of it. */
  readonly key: string
  /** Bytes of the whole file. */
  readonly size: number
  /** Begins a sentence: "The weights of calm-otter". */
  readonly what: string
  /** Asks a host for the bytes from `from` on (`Range: bytes=from-` where it is not 0). Rejects where it cannot be reached. */
  readonly ask: (from: number, signal?: AbortSignal) => Promise<Response>
  /** Throws 'corrupt' unless the bytes are the ones that the network knows. */
  readonly verify: (data: Blob) => Promise<void>
  readonly now: () => number
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** A file up to this size is handed out in memory, and nothing of it stays behind. */
const IN_MEMORY_BYTES = 16 * 1024 * 1024

/**
 * The verified bytes of a hosted file. What arrives is kept in the vault as it arrives; a download that breaks off, is
 * cancelled, or dies with its tab goes on where it stood, if the host answers to Range, and starts over if not. What was
 * put together from two answers and is wrong is dropped and fetched once more whole: a wrong file is never handed out.
 * Rejects with 'network' where the connection broke (what came is kept), 'corrupt' where the host has another file.
 */
export async function resumeDownload(options: ResumeDownloadOptions): Promise<Blob> {
  const { vault, key, size, verify, now } = options
  const partial = await openPartial(vault, key, size, now())
  let patched = partial.bytes > 0
  for (;;) {
    if (partial.bytes < size) patched = (await receive(partial, options)) && patched
    try {
      const data = await partial.open()
      await verify(data)
      if (size > IN_MEMORY_BYTES) return data
      const held = new Blob([await data.arrayBuffer()], { type: data.type })
      await partial.drop()
      return held
    } catch (error) {
      if (StudioError.from(error).code !== 'corrupt') throw error
      await partial.drop()
      if (!patched) throw error
      patched = false
    }
  }
}

/** Reads what is missing; whether it went on from bytes that were there before. */
async function receive(partial: PartialFile, options: ResumeDownloadOptions): Promise<boolean> {
  const { size, what, ask, signal, onProgress } = options
  let response = await ask(partial.bytes, signal)
  // Not a range that the host has: its file is another or shorter, so what was kept is worthless.
  if (response.status === 416 && partial.bytes > 0) {
    await partial.drop()
    response = await ask(0, signal)
  }
  if (!response.ok) throw refused(what, response)
  const goesOn = response.status === 206 && startsAt(response, partial.bytes)
  if (!goesOn) await partial.drop()
  const start = partial.bytes
  let ended = false
  try {
    for await (const chunk of streamChunks(response)) {
      if (partial.bytes + chunk.length > size) {
        await partial.drop()
        throw new StudioError('corrupt', `${what} has more than the ${size} bytes that the network says.`, {
          hint: 'It was left out. Its owner may have replaced it; try again later or leave it out.',
        })
      }
      await partial.write(chunk)
      onProgress?.(partial.bytes, size)
    }
    ended = true
  } catch (cause) {
    const known = StudioError.from(cause)
    if (known.code === 'cancelled' || known.code === 'corrupt' || known.code === 'storage') throw known
    throw broken(what, partial.bytes, size, cause)
  } finally {
    await partial.flush()
  }
  if (ended && partial.bytes < size && start > 0) throw broken(what, partial.bytes, size)
  return goesOn && start > 0
}

/** Content-Range is hidden from pages of other origins; where it can be read it must say what was asked for. */
function startsAt(response: Response, from: number): boolean {
  const range = response.headers.get('content-range')
  return range === null || range.startsWith(`bytes ${from}-`)
}

function refused(what: string, { status }: Response): StudioError {
  const code = status === 404 || status === 410 ? 'not-found' : 'network'
  return new StudioError(code, `${what} was refused with status ${status}.`, {
    retryable: code === 'network',
  })
}

function broken(what: string, kept: number, size: number, cause?: unknown): StudioError {
  return new StudioError('network', `The download of ${what} broke off at ${kept} of ${size} bytes.`, {
    hint: 'What came is kept: try again to go on from there.',
    retryable: true,
    cause,
  })
}
