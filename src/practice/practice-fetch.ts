import { blobDigest } from './blob-store.ts'

export interface PracticeFetchOptions {
  /** Bytes of a blob; undefined where nobody published it. */
  readonly readBlob: (digest: string) => Promise<Uint8Array<ArrayBuffer> | undefined>
  /** What answers every other address. */
  readonly fetch: typeof globalThis.fetch
}

const RANGE = /^bytes=(\d+)-(\d*)$/

/** A `fetch` that also serves https://practice.invalid/<digest>, with Range, and the rest as before. */
export function createPracticeFetch(options: PracticeFetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const digest = blobDigest(request.url)
    if (digest === undefined) return options.fetch(input, init)
    request.signal.throwIfAborted()
    const bytes = await options.readBlob(digest)
    if (bytes === undefined) return new Response('No such file on the practice network', { status: 404 })
    return respond(bytes, request.headers.get('range'))
  }
}

function respond(bytes: Uint8Array<ArrayBuffer>, range: string | null): Response {
  const headers = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' }
  const match = range === null ? null : RANGE.exec(range)
  if (match === null) {
    return new Response(bytes, { headers: { ...headers, 'content-length': `${bytes.length}` } })
  }
  const from = Number(match[1])
  const to = Math.min(match[2] === '' ? bytes.length : Number(match[2]) + 1, bytes.length)
  if (from >= to) {
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } })
  }
  return new Response(bytes.slice(from, to), {
    status: 206,
    headers: {
      ...headers,
      'content-length': `${to - from}`,
      'content-range': `bytes ${from}-${to - 1}/${bytes.length}`,
    },
  })
}
