import { StudioError } from '../../lib/studio-error.ts'
import type { HostedFile } from '../downloads-protocol.ts'

export interface FetchOptions {
  readonly signal?: AbortSignal
  /** Bytes that have come, of all. */
  readonly onProgress?: (done: number, total: number) => void
  /** Throws 'corrupt' unless the bytes are the ones that the network knows; what is returned has passed it. */
  readonly verify: (data: Blob) => Promise<void>
}

/** The places that have hosted files; each rejects where it does not have this one. */
export interface HostedPlaces {
  readonly fetchUrl: (url: string, file: HostedFile, options: FetchOptions) => Promise<Blob>
  /** Through the bridge of the page's server, for the network at `rpc`. */
  readonly fetchBridged: (rpc: string, file: HostedFile, options: FetchOptions) => Promise<Blob>
}

/**
 * The verified bytes of a hosted file: from its owner's address, else as the full node at `rpc` passes it on, else through
 * the bridge; neither needs the host's permission. Where none has it, the error says what each of them answered.
 */
export async function readHosted(
  { fetchUrl, fetchBridged }: HostedPlaces,
  file: HostedFile,
  rpc: string | null,
  options: FetchOptions,
): Promise<Blob> {
  const sources: [string, () => Promise<Blob>][] = [
    ['Its owner’s address', () => fetchUrl(file.url, file, options)],
  ]
  if (rpc !== null) {
    sources.push(
      ['The node', () => fetchUrl(`${rpc}/${file.kind}/${file.id}`, file, options)],
      ['The bridge', () => fetchBridged(rpc, file, options)],
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
