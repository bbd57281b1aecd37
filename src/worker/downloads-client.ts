import { throwIfAborted } from '../lib/abort.ts'
import type { TargetArchive } from './downloads/target-archive.ts'
import type {
  ArchiveCall,
  DigestedUrl,
  DownloadJob,
  DownloadsCall,
  DownloadsEvent,
  DownloadsReplies,
  HostedFile,
} from './downloads-protocol.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

export type DownloadsClient = WorkerClient<DownloadsCall, DownloadsReplies, DownloadsEvent>

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Bytes that have come, of all; a few times a second. */
  readonly onProgress?: (done: number, total: number) => void
}

export interface HostedOptions extends ReadOptions {
  /** As long as connections fail; 3 if absent. */
  readonly attempts?: number
}

/** Downloads, in a worker of their own: nothing of them is fetched, hashed, decrypted or written on the page. */
export interface Downloads {
  /** A file that a registry names, verified. `rpc`: the full node of its network, null for the practice network. */
  fetchHosted(file: HostedFile, rpc: string | null, options?: HostedOptions): Promise<Blob>
  /** What lies at an address now, read to its end or until it is longer than `most` bytes; nothing of it is kept. */
  digestUrl(url: string, most: number, signal?: AbortSignal): Promise<DigestedUrl>
  /** Decrypts a model of the network to a file of the vault. */
  saveWeights(
    job: Omit<Extract<DownloadJob, { kind: 'saveWeights' }>, 'kind' | 'job'>,
    options?: ReadOptions,
  ): Promise<DownloadsReplies['saveWeights']>
  readonly archive: TargetArchive
  /** The practice network's worker has been replaced by another one. */
  reconnectPractice(): void
}

const ATTEMPTS = 3

export interface DownloadsClientOptions {
  /** Address of the page, whose server may have a bridge. */
  readonly page: string
  /** Gives the practice network's worker one end of a channel, at whose other end the files of its host are asked for. */
  readonly connectPractice: (port: MessagePort) => void
  readonly spawn?: () => DownloadsClient
}

/** The worker starts with the first call, and again with the first after a crash. */
export function createDownloads({
  page,
  connectPractice,
  spawn = spawnDownloads,
}: DownloadsClientOptions): Downloads {
  let client: DownloadsClient | undefined
  let nextJob = 1
  const listeners = new Map<number, NonNullable<ReadOptions['onProgress']>>()

  function connect(opened: DownloadsClient): void {
    const { port1, port2 } = new MessageChannel()
    connectPractice(port1)
    opened.call({ kind: 'practice', port: port2 }, [port2]).catch(() => undefined)
  }

  function open(): DownloadsClient {
    if (client) return client
    const opened = spawn()
    opened.onEvent(({ job, done, total }) => listeners.get(job)?.(done, total))
    // The next call starts another: one that cannot even start must not be started again and again.
    opened.onCrash(() => {
      client = undefined
    })
    client = opened
    connect(opened)
    return opened
  }

  async function perform<K extends DownloadJob['kind']>(
    call: Omit<Extract<DownloadJob, { kind: K }>, 'job'>,
    { signal, onProgress }: ReadOptions,
  ): Promise<DownloadsReplies[K]> {
    throwIfAborted(signal)
    const job = nextJob++
    const worker = open()
    const stop = () => void worker.call({ kind: 'cancel', job }).catch(() => undefined)
    signal?.addEventListener('abort', stop)
    if (onProgress) listeners.set(job, onProgress)
    try {
      return await worker.call({ ...call, job } as unknown as Extract<DownloadsCall, { kind: K }>)
    } finally {
      signal?.removeEventListener('abort', stop)
      listeners.delete(job)
    }
  }

  const archived =
    <M extends keyof TargetArchive>(method: M) =>
    (...args: Parameters<TargetArchive[M]>) =>
      open().call({ kind: 'archive', method, args } as unknown as ArchiveCall) as ReturnType<TargetArchive[M]>

  return {
    fetchHosted: (file, rpc, { attempts = ATTEMPTS, ...options } = {}) =>
      perform<'fetchHosted'>({ kind: 'fetchHosted', file, rpc, page, attempts }, options),
    digestUrl: (url, most, signal) =>
      perform<'digestUrl'>({ kind: 'digestUrl', url, most }, signal ? { signal } : {}),
    saveWeights: (job, options = {}) => perform<'saveWeights'>({ kind: 'saveWeights', ...job }, options),
    archive: {
      targets: archived('targets'),
      add: archived('add'),
      data: archived('data'),
      digests: archived('digests'),
      keep: archived('keep'),
      shrink: archived('shrink'),
      sizes: archived('sizes'),
      forget: archived('forget'),
      clear: archived('clear'),
    },
    reconnectPractice() {
      if (client) connect(client)
    },
  }
}

function spawnDownloads(): DownloadsClient {
  return createWorkerClient(
    () =>
      new Worker(new URL('./downloads.worker.ts', import.meta.url), { type: 'module', name: 'downloads' }),
    'The downloader',
    'What came is kept: try again to go on from there.',
  )
}
