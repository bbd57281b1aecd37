import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { NodeError } from '../core/node-error.ts'

export interface Page<T> {
  readonly items: readonly T[]
  /** Absent on the last page. */
  readonly nextPageToken?: Uint8Array
}

/** Most bytes of one page; a page holds at least one item. */
const MAX_PAGE_BYTES = 512 * 1024

/**
 * Cuts a list into pages. The token is the id of the last item given out, so a page after a change still starts
 * behind what was seen; the order of the list must not depend on the page.
 */
export function cutPage<T>(
  items: readonly T[],
  options: {
    readonly size: number
    readonly token: Uint8Array | undefined
    readonly idOf: (item: T) => string
    readonly bytesOf: (item: T) => number
  },
): Page<T> {
  const start = startOf(items, options.token, options.idOf)
  const page: T[] = []
  let bytes = 0
  for (const item of items.slice(start, start + options.size)) {
    bytes += options.bytesOf(item)
    if (page.length > 0 && bytes > MAX_PAGE_BYTES) break
    page.push(item)
  }
  const last = page.at(-1)
  if (last === undefined || start + page.length >= items.length) return { items: page }
  return { items: page, nextPageToken: hexToBytes(options.idOf(last).slice(2)) }
}

function startOf<T>(items: readonly T[], token: Uint8Array | undefined, idOf: (item: T) => string): number {
  if (token === undefined || token.length === 0) return 0
  const after = items.findIndex((item) => idOf(item) === `0x${bytesToHex(token)}`)
  if (after < 0) throw new NodeError('invalidArgument', 'invalid page_token')
  return after + 1
}
