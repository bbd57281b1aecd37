import { type BridgeClient, createBridgeClient } from '../../chain/bridge-client.ts'
import { blobSource } from '../../data/blob-source.ts'
import { digestSource } from '../../data/digest-source.ts'
import { delay, throwIfAborted } from '../../lib/abort.ts'
import { toHex } from '../../lib/hex.ts'
import { createLimiter } from '../../lib/limiter.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { isPracticeUrl } from '../../practice/blob-store.ts'
import { resumeDownload } from '../../weights/resume-download.ts'
import type { Vault } from '../../weights/vault.ts'
import type {
  DigestedUrl,
  DownloadJob,
  DownloadsCall,
  DownloadsEvent,
  DownloadsReplies,
  HostedFile,
} from '../downloads-protocol.ts'
import type { PracticeFiles } from '../practice-files.ts'
import { askHost, digestUrl } from './fetch-url.ts'
import { type FetchOptions, type HostedPlaces, readHosted } from './read-hosted.ts'
import { saveWeights } from './save-weights.ts'
import type { TargetArchive } from './target-archive.ts'
import { verifyBlob } from './verify-blob.ts'

/** Of all downloads together. */
const CONNECTIONS = 6
const FIRST_WAIT_MS = 800
const PROGRESS_MS = 100

export interface DownloadsParts {
  readonly vault: () => Promise<Vault>
  readonly archive: () => Promise<TargetArchive>
  readonly practice: PracticeFiles
  /** Does `job` while nobody else, in any tab, holds the lock of this name; rejects with 'cancelled' where the signal aborts before. */
  readonly lock: <T>(name: string, signal: AbortSignal, job: () => Promise<T>) => Promise<T>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly emit: (event: DownloadsEvent) => void
}

/**
 * Answers the page's calls: fetches in segments into the vault, goes on where a connection broke, verifies, decrypts, and
 * keeps the archive of targets. Each job ends with 'cancelled' soon after it was cancelled; what came of its file is kept.
 */
export function serveDownloads(
  parts: DownloadsParts,
): (call: DownloadsCall) => Promise<DownloadsReplies[DownloadsCall['kind']]> {
  const { practice, now } = parts
  const jobs = new Map<number, AbortController>()
  const connection = createLimiter(CONNECTIONS)

  function download(
    { checksum, size, what }: HostedFile,
    options: FetchOptions & { readonly signal: AbortSignal },
    ask: (from: number, signal?: AbortSignal) => Promise<Response>,
  ): Promise<Blob> {
    const key = toHex(checksum)
    const { signal } = options
    // One at a time for each file: they would write the same segments.
    return parts.lock(`soma-studio/download/${key}`, signal, () =>
      connection(async () => {
        throwIfAborted(signal)
        return resumeDownload({ ...options, vault: await parts.vault(), key, size, what, ask, now })
      }, signal),
    )
  }

  async function fetchHosted(
    { file, rpc, page, attempts }: Extract<DownloadJob, { kind: 'fetchHosted' }>,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ): Promise<Blob> {
    const kept = file.kind === 'data' ? await archived(toHex(file.checksum)) : undefined
    if (kept) return kept
    const verify = (data: Blob) => verifyBlob(data, file, signal)
    const options = { signal, onProgress, verify }
    const bridge: BridgeClient = createBridgeClient(page)
    const places: HostedPlaces = {
      async fetchUrl(url, wanted) {
        if (!isPracticeUrl(url)) return download(wanted, options, (from, to) => askHost(url, from, to))
        const data = await practice.read(url, signal)
        await verify(data)
        return data
      },
      fetchBridged: (node, wanted) =>
        download(wanted, options, (from, to) => bridge.file(node, wanted.kind, wanted.id, from, to)),
    }
    for (let tries = 1; ; tries += 1) {
      try {
        return await readHosted(places, file, rpc, options)
      } catch (error) {
        if (tries >= attempts || StudioError.from(error).code !== 'network') throw error
        await delay(FIRST_WAIT_MS * 2 ** (tries - 1), signal)
      }
    }
  }

  async function digestOf(url: string, most: number, signal: AbortSignal): Promise<DigestedUrl> {
    if (!isPracticeUrl(url)) return connection(() => digestUrl(url, most, signal), signal)
    const data = await practice.read(url, signal)
    return { size: data.size, digest: await digestSource(blobSource(url, data), { signal }) }
  }

  /** Data that was kept; without an archive the hosts are asked. */
  async function archived(digest: string): Promise<Blob | undefined> {
    try {
      return await (await parts.archive()).data(digest)
    } catch {
      return undefined
    }
  }

  async function perform(call: DownloadJob, signal: AbortSignal) {
    const onProgress = throttled(call.job)
    switch (call.kind) {
      case 'fetchHosted':
        return fetchHosted(call, signal, onProgress)
      case 'digestUrl':
        return digestOf(call.url, call.most, signal)
      case 'saveWeights':
        return saveWeights(await parts.vault(), call, { signal, onProgress })
      default:
        return call satisfies never
    }
  }

  function throttled(job: number) {
    let last = Number.NEGATIVE_INFINITY
    return (done: number, total: number) => {
      const at = now()
      if (done < total && at - last < PROGRESS_MS) return
      last = at
      parts.emit({ kind: 'progress', job, done, total })
    }
  }

  return async (call) => {
    switch (call.kind) {
      case 'cancel':
        jobs.get(call.job)?.abort()
        return null
      case 'practice':
        practice.connect(call.port)
        return null
      case 'archive': {
        const archive = await parts.archive()
        return (archive[call.method] as (...args: readonly unknown[]) => Promise<unknown>)(...call.args)
      }
      default: {
        const control = new AbortController()
        jobs.set(call.job, control)
        try {
          return await perform(call, control.signal)
        } finally {
          jobs.delete(call.job)
        }
      }
    }
  }
}
