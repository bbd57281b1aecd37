import type { BridgeClient } from '../chain/bridge-client.ts'
import { toHex } from '../lib/hex.ts'
import { createLimiter } from '../lib/limiter.ts'
import { openVault } from '../weights/opfs-vault.ts'
import { resumeDownload } from '../weights/resume-download.ts'
import {
  askHost,
  type FetchOptions,
  type HostedFile,
  type HostedReader,
  type ReadOptions,
  readHosted,
} from './read-hosted.ts'
import type { Stores } from './studio.ts'
import type { StudioParts } from './studio-parts.ts'

/** For submitted data, whoever asks for it. */
const DATA_CONNECTIONS = 6

export interface HostedFilesParts extends Pick<StudioParts, 'archive' | 'verifyBlob'> {
  readonly stores: Pick<Stores, 'network'>
  readonly bridge: BridgeClient
  /** The practice host's file at this URL; null where it is another's. */
  readonly practiceBlob: (url: string) => Promise<Blob> | null
}

/** Files that registries name: data that was kept comes from the archive, all else from hosts, resumed and verified. */
export function hostedFiles(parts: HostedFilesParts): StudioParts['readHosted'] {
  const { stores, bridge, practiceBlob, verifyBlob } = parts
  const dataConnection = createLimiter(DATA_CONNECTIONS)

  function fromHosts(file: HostedFile, options?: ReadOptions): Promise<Blob> {
    const reader: HostedReader = {
      network: stores.network.getState().network,
      verifyBlob,
      async fetchBlob(url, wanted, fetching) {
        const practice = practiceBlob(url)
        if (!practice) return download(wanted, fetching, (from, signal) => askHost(url, from, signal))
        const data = await practice
        await fetching.verify(data)
        return data
      },
      fetchBridged: (rpc, wanted, fetching) =>
        download(wanted, fetching, (from, signal) => bridge.file(rpc, wanted.kind, wanted.id, from, signal)),
    }
    return readHosted(reader, file, options)
  }

  return async (file, options) => {
    if (file.kind === 'model') return fromHosts(file, options)
    try {
      const kept = await (await parts.archive()).data(toHex(file.checksum))
      if (kept) return kept
    } catch {
      // Without an archive the hosts are asked.
    }
    return dataConnection(() => fromHosts(file, options))
  }
}

/** One at a time for each file, in all tabs: they would write the same segments. */
function download(
  { checksum, size, what }: HostedFile,
  options: FetchOptions,
  ask: (from: number, signal?: AbortSignal) => Promise<Response>,
): Promise<Blob> {
  const key = toHex(checksum)
  const { signal } = options
  return navigator.locks.request(`soma-studio/download/${key}`, signal ? { signal } : {}, async () => {
    const vault = await openVault()
    return resumeDownload({ ...options, vault, key, size, what, ask, now: () => Date.now() })
  })
}
