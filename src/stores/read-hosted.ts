import type { Network } from '../chain/networks.ts'
import { StudioError } from '../lib/studio-error.ts'

/** A file that the registry of a network names. */
export interface HostedFile {
  readonly kind: 'model' | 'data'
  /** Of the model, or of the target whose data it is. */
  readonly id: string
  readonly url: string
  readonly size: number
  readonly checksum: Uint8Array
  /** Begins a sentence: "The weights of calm-otter". */
  readonly what: string
}

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Bytes that have come, of all. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface FetchOptions extends ReadOptions {
  /** Throws 'corrupt' unless the bytes are the ones that the network knows; what is returned has passed it. */
  readonly verify: (data: Blob) => Promise<void>
}

export interface HostedReader {
  readonly network: Network
  readonly fetchBlob: (url: string, file: HostedFile, options: FetchOptions) => Promise<Blob>
  /** Through the bridge of the page's server, for the network at `rpc`. */
  readonly fetchBridged: (rpc: string, file: HostedFile, options: FetchOptions) => Promise<Blob>
  readonly verifyBlob: (blob: Blob, size: number, checksum: Uint8Array, what: string) => Promise<void>
}

/** Reads a file where its host lets pages read it. Never from the cache: what counts is what the host has now. */
export async function fetchFile(url: string): Promise<Blob> {
  let response: Response
  try {
    response = await fetch(url, { cache: 'no-store' })
  } catch (cause) {
    throw unreachable(url, cause)
  }
  if (!response.ok) throw new StudioError('network', `${url} answered ${response.status}.`)
  return response.blob()
}

/**
 * Asks a host for a file from an offset on. A host that lets pages read the file but not ask for a part of it is asked
 * for all of it.
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

function unreachable(url: string, cause: unknown): StudioError {
  return new StudioError('network', `${new URL(url).origin} could not be read.`, {
    hint: 'The host must run, and allow pages to read the file (CORS: Access-Control-Allow-Origin).',
    retryable: true,
    cause,
  })
}

/**
 * The verified bytes of a hosted file: from its owner's address, else as the full node passes it on, else through
 * the bridge; neither needs the host's permission. Where none has it, the error says what each of them answered.
 */
export async function readHosted(
  reader: HostedReader,
  file: HostedFile,
  options: ReadOptions = {},
): Promise<Blob> {
  const { network, fetchBlob, fetchBridged, verifyBlob } = reader
  const { rpc } = network.urls
  const verify = (data: Blob) => verifyBlob(data, file.size, file.checksum, file.what)
  const fetching = { ...options, verify }
  const sources: [string, () => Promise<Blob>][] = [
    ['Its owner’s address', () => fetchBlob(file.url, file, fetching)],
  ]
  if (network.kind !== 'practice' && rpc !== undefined) {
    sources.push(
      ['The node', () => fetchBlob(`${rpc}/${file.kind}/${file.id}`, file, fetching)],
      ['The bridge', () => fetchBridged(rpc, file, fetching)],
    )
  }
  const failures: [string, StudioError][] = []
  for (const [name, source] of sources) {
    try {
      return await source()
    } catch (thrown) {
      const error = StudioError.from(thrown)
      if (error.code === 'cancelled' || error.code === 'storage') throw error
      failures.push([name, error])
    }
  }
  const [, first] = failures[0]!
  if (failures.length === 1) throw first
  const said = failures.map(([name, { message }]) => `${name}: ${message}`)
  throw new StudioError(first.code, `${file.what} could not be read. ${said.join(' ')}`, {
    hint: first.hint,
    retryable: failures.some(([, { retryable }]) => retryable),
    cause: first,
  })
}
