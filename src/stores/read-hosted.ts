import type { BridgeClient } from '../chain/bridge-client.ts'
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

export interface HostedReader {
  readonly network: Network
  readonly bridge: BridgeClient
  readonly fetchBlob: (url: string) => Promise<Blob>
  readonly verifyBlob: (blob: Blob, size: number, checksum: Uint8Array, what: string) => Promise<void>
}

/** Reads a file where its host lets pages read it. Never from the cache: what counts is what the host has now. */
export async function fetchFile(url: string): Promise<Blob> {
  let response: Response
  try {
    response = await fetch(url, { cache: 'no-store' })
  } catch (cause) {
    throw new StudioError('network', `${new URL(url).origin} could not be read.`, {
      hint: 'The host must run, and allow pages to read the file (CORS: Access-Control-Allow-Origin).',
      retryable: true,
      cause,
    })
  }
  if (!response.ok) throw new StudioError('network', `${url} answered ${response.status}.`)
  return response.blob()
}

/**
 * The verified bytes of a hosted file: from its owner's address, else as the full node passes it on, else through
 * the bridge; neither needs the host's permission. Rejects with what the owner's address answered where none has it.
 */
export async function readHosted(reader: HostedReader, file: HostedFile): Promise<Blob> {
  const { network, bridge, fetchBlob, verifyBlob } = reader
  const { rpc } = network.urls
  const sources: (() => Promise<Blob>)[] = [() => fetchBlob(file.url)]
  if (network.kind !== 'practice' && rpc !== undefined) {
    sources.push(
      () => fetchBlob(`${rpc}/${file.kind}/${file.id}`),
      () => bridge.file(rpc, file.kind, file.id),
    )
  }
  let first: StudioError | undefined
  for (const source of sources) {
    try {
      const blob = await source()
      await verifyBlob(blob, file.size, file.checksum, file.what)
      return blob
    } catch (thrown) {
      const error = StudioError.from(thrown)
      if (error.code === 'cancelled') throw error
      first ??= error
    }
  }
  const { code, message, hint } = first!
  if (sources.length === 1) throw first
  throw new StudioError(code, `${file.what} could not be read. ${message}`, {
    hint: ['Neither the node nor the bridge could pass it on.', hint].filter(Boolean).join(' '),
    cause: first,
  })
}
