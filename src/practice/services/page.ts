import { utf8ToBytes } from '@noble/hashes/utils.js'
import { NodeError } from '../core/node-error.ts'

export interface Page<T> {
  readonly items: readonly T[]
  /** Absent on the last page. */
  readonly nextPageToken?: Uint8Array
}

/** Most bytes of one page; a page holds at least one item. */
const MAX_PAGE_BYTES = 512 * 1024

/** What a token of ours looks like: rank and number of an index entry, then its id. */
const TOKEN = /^\d{21}0x[0-9a-f]{64}$/

/**
 * Cuts a list, sorted by `keyOf`, into pages. The token is the key of the last item given out: the next page
 * starts behind it even if that item is gone by then.
 */
export function cutPage<T>(
  items: readonly T[],
  options: {
    readonly size: number
    readonly token: Uint8Array | undefined
    readonly keyOf: (item: T) => string
    readonly bytesOf: (item: T) => number
  },
): Page<T> {
  const start = startOf(items, options.token, options.keyOf)
  const page: T[] = []
  let bytes = 0
  for (const item of items.slice(start, start + options.size)) {
    bytes += options.bytesOf(item)
    if (page.length > 0 && bytes > MAX_PAGE_BYTES) break
    page.push(item)
  }
  const last = page.at(-1)
  if (last === undefined || start + page.length >= items.length) return { items: page }
  return { items: page, nextPageToken: utf8ToBytes(options.keyOf(last)) }
}

/** Index of the first item behind the token, by bisection. */
function startOf<T>(items: readonly T[], token: Uint8Array | undefined, keyOf: (item: T) => string): number {
  if (token === undefined || token.length === 0) return 0
  const key = new TextDecoder().decode(token)
  if (!TOKEN.test(key)) throw new NodeError('invalidArgument', 'invalid page_token', 'page_token')
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keyOf(items[middle]!) <= key) low = middle + 1
    else high = middle
  }
  return low
}
