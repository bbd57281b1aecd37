import { createBlake2b256 } from '../../lib/blake2b.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { streamChunks } from '../../weights/stream-chunks.ts'
import type { DigestedUrl } from '../downloads-protocol.ts'

/**
 * Asks a host for a file from an offset on. A host that lets pages read the file but not ask for a part of it is asked
 * for all of it. Never from the cache: what counts is what the host has now. Rejects with 'network' where it cannot be reached.
 */
export async function askHost(url: string, from: number, signal?: AbortSignal): Promise<Response> {
  const init: RequestInit = { cache: 'no-store', ...(signal ? { signal } : {}) }
  if (from > 0) {
    try {
      return await fetch(url, { ...init, headers: { range: `bytes=${from}-` } })
    } catch (error) {
      if (StudioError.from(error).code === 'cancelled') throw error
    }
  }
  try {
    return await fetch(url, init)
  } catch (cause) {
    if (StudioError.from(cause).code === 'cancelled') throw cause
    throw unreachable(url, cause)
  }
}

/**
 * What lies at an address, as the host has it now: read to its end, and nothing of it kept. What is longer than `most` bytes
 * is read until that shows, so that its size is above `most` and its digest that of what was read.
 */
export async function digestUrl(url: string, most: number, signal?: AbortSignal): Promise<DigestedUrl> {
  const response = await askHost(url, 0, signal)
  if (!response.ok) throw new StudioError('network', `${url} answered ${response.status}.`)
  const hasher = await createBlake2b256()
  let size = 0
  try {
    for await (const chunk of streamChunks(response)) {
      hasher.update(chunk)
      size += chunk.length
      if (size > most) break
    }
  } catch (cause) {
    if (StudioError.from(cause).code === 'cancelled') throw cause
    throw unreachable(url, cause)
  }
  return { size, digest: hasher.digest() }
}

function unreachable(url: string, cause: unknown): StudioError {
  return new StudioError('network', `${new URL(url).origin} could not be read.`, {
    hint: 'The host must run, and allow pages to read the file (CORS: Access-Control-Allow-Origin).',
    retryable: true,
    cause,
  })
}
