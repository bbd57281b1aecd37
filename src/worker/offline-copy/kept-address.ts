import type { Edition } from './edition.ts'

/** What of a request decides who answers it. */
export type Asked = Pick<Request, 'url' | 'method' | 'cache' | 'headers'>

/**
 * Says under which address the edition has what is asked for; undefined where it is none of its business: other
 * origins, the bridge, parts of files, and what is asked past every cache. The service worker leaves those alone, so
 * the browser handles them as if there were none.
 */
export function keptAddresses({ files }: Edition, folder: string): (asked: Asked) => string | undefined {
  const kept = new Set(files.map(({ path }) => new URL(path, folder).href))
  return ({ url, method, cache, headers }) => {
    if (method !== 'GET' || cache === 'no-store' || headers.has('range')) return undefined
    const address = new URL(url)
    address.hash = ''
    if (kept.has(address.href)) return address.href
    // The page is the same under its name and with a query, which it does not read.
    address.search = ''
    const isPage = address.href === folder || address.href === `${folder}index.html`
    return isPage && kept.has(folder) ? folder : undefined
  }
}
