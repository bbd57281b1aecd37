import {
  cachePrefix,
  type EditionRecord,
  keepAgain,
  recordName,
  takeOver,
  workerName,
} from './offline-copy/edition.ts'
import { dropEditions } from './offline-copy/keep-edition.ts'

/** What is known of the copy after each change. */
export interface CopyNews {
  /** The one in use; null where none is. */
  readonly kept: EditionRecord | null
  /** The first one is on its way. */
  readonly coming: boolean
  /** Another edition is kept whole and waits for this one to be left. */
  readonly newer: boolean
}

export interface OfflineCopyClient {
  /** Whether a service worker of an earlier visit is in use or about to be. */
  exists(): Promise<boolean>
  /** Registers the service worker, which fetches the edition; rejects where the browser or the host refuses. */
  keep(): Promise<void>
  /** Removes service worker and files. This page goes on; a reload asks the host. */
  drop(): Promise<void>
  /** Whether the host still has this studio under the headers that are kept with it; true where it does not answer. */
  stillFits(): Promise<boolean>
  /** Resolves once the edition that waits is in use; a reload then shows it. */
  takeNewer(): Promise<void>
}

/** Headers that decide what a page and its workers may do. */
const policies = [
  'content-security-policy',
  'document-isolation-policy',
  'cross-origin-opener-policy',
  'cross-origin-embedder-policy',
]

/** `page`: address of the page. Undefined where the browser has no service workers or no caches for it. */
export function createOfflineCopy(
  page: string,
  onNews: (news: CopyNews) => void,
): OfflineCopyClient | undefined {
  const workers = globalThis.navigator?.serviceWorker as ServiceWorkerContainer | undefined
  if (!workers || !('caches' in globalThis)) return undefined
  const folder = new URL('./', page).href
  const find = async () => {
    const found = await workers.getRegistration(folder)
    return found?.scope === folder ? found : undefined
  }

  async function tell(registration: ServiceWorkerRegistration) {
    const { installing, waiting, active } = registration
    const kept = active ? await readRecord(folder) : null
    const coming = active === null && (installing !== null || waiting !== null)
    onNews({ kept, coming, newer: waiting !== null && active !== null })
  }

  function follow(registration: ServiceWorkerRegistration) {
    const watch = () =>
      registration.installing?.addEventListener('statechange', () => void tell(registration))
    registration.addEventListener('updatefound', watch)
    watch()
    return tell(registration)
  }

  return {
    async exists() {
      return (await find()) !== undefined
    },
    async keep() {
      const registration = await workers.register(new URL(workerName, folder), { scope: folder })
      // One that was removed in this very visit comes back as it was, and others' files may have been cleared.
      if (registration.active && (await readRecord(folder)) === null) {
        onNews({ kept: null, coming: true, newer: false })
        await fetchAgain(registration.active)
      }
      await follow(registration)
    },
    async drop() {
      await (await find())?.unregister()
      await dropEditions(folder, caches)
    },
    stillFits: () => stillFits(folder),
    async takeNewer() {
      const waiting = (await find())?.waiting
      if (!waiting) return
      const changed = new Promise((resolve) =>
        workers.addEventListener('controllerchange', resolve, { once: true }),
      )
      waiting.postMessage(takeOver)
      await changed
    },
  }
}

/** Resolves once the service worker has tried. */
function fetchAgain(worker: ServiceWorker): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    worker.postMessage(keepAgain, [port2])
  })
}

/** Of the edition in use: what waits came later. */
async function readRecord(folder: string): Promise<EditionRecord | null> {
  for (const cacheName of await caches.keys()) {
    if (!cacheName.startsWith(cachePrefix(folder))) continue
    const found = await caches.match(new URL(recordName, folder), { cacheName, ignoreVary: true })
    if (found) return (await found.json()) as EditionRecord
  }
  return null
}

async function stillFits(folder: string): Promise<boolean> {
  // The service worker lets through what is asked past all caches.
  const ask = (path: string) => fetch(new URL(path, folder), { cache: 'no-store' }).catch(() => undefined)
  const worker = await ask(workerName)
  if (worker?.status === 404 || worker?.status === 410) return false
  // In trouble, or asking for a login: no word about the studio.
  if (!worker?.ok || worker.redirected) return true
  // Some hosts and development servers answer with a page whatever they do not have.
  if (!worker.headers.get('content-type')?.includes('javascript')) return false
  const [kept, now] = [await caches.match(folder, { ignoreVary: true }), await ask('')]
  return !kept || !now?.ok || policies.every((name) => now.headers.get(name) === kept.headers.get(name))
}
