import { cachePrefix, type Edition, type EditionRecord, recordName } from './edition.ts'

/** What the service worker uses of its browser. */
export interface CopyPlaces {
  readonly caches: CacheStorage
  readonly fetch: typeof fetch
}

/**
 * Fetches every file of the edition, one at a time, into a cache of its own; what came before an interruption stays.
 * Each is checked against the build's digest, so that a server which is just being updated gives no mixture. Rejects
 * where a file is missing or another one.
 */
export async function keepEdition(
  { version, files }: Edition,
  folder: string,
  places: CopyPlaces,
): Promise<void> {
  const cache = await places.caches.open(cachePrefix(folder) + version)
  for (const { path, integrity } of files) {
    const url = new URL(path, folder).href
    if (await cache.match(url, { ignoreVary: true })) continue
    // Past the browser's own cache, whose headers may be those of an earlier start of the server.
    const response = await places.fetch(url, { cache: 'reload', integrity, priority: 'low' })
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
    await cache.put(url, response.redirected ? asIfDirect(response) : response)
  }
  const record: EditionRecord = { version, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  await cache.put(new URL(recordName, folder).href, Response.json(record))
}

/** A page may not be answered with what came by a redirection. */
function asIfDirect({ body, headers }: Response): Response {
  return new Response(body, { headers })
}

/** Deletes the editions of this studio other than `version`; all of them without one. */
export async function dropEditions(folder: string, caches: CacheStorage, version?: string): Promise<void> {
  const prefix = cachePrefix(folder)
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== prefix + version) await caches.delete(name)
  }
}
