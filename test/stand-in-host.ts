import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileOf } from './stand-in-file.ts'

/** A request as the host saw it. */
export interface Asked {
  readonly path: string
  readonly range: string | null
  /** Where it stopped: bytes that were written before the other end left or all was sent. */
  sent: number
}

export interface StandInHost {
  /** Ends with a slash. */
  readonly url: string
  readonly asked: readonly Asked[]
  /** Answers under way now. */
  readonly open: () => number
  /** The most answers that were ever under way at once. */
  readonly mostOpen: () => number
  stop(): void
}

/**
 * A host of files that pages of any origin may read, with Range. Its addresses say what it does: `/SEED/SIZE` is a file,
 * `?wrong=I` flips its byte I, `?hold=N` sends N bytes of the whole file and then nothing more, `?cut=N` breaks each answer off
 * after N bytes, `?wait=MS` answers late.
 */
export async function standInHost(): Promise<StandInHost> {
  const asked: Asked[] = []
  let [open, mostOpen] = [0, 0]
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
    const [seed, size] = pathname.slice(1).split('/').map(Number)
    const option = (name: string) => (searchParams.has(name) ? Number(searchParams.get(name)) : undefined)
    const range = request.headers.range ?? null
    const entry: Asked = { path: pathname, range, sent: 0 }
    asked.push(entry)
    open += 1
    mostOpen = Math.max(mostOpen, open)
    response.on('close', () => {
      open -= 1
    })
    const bytes = fileOf(seed ?? 0, size ?? 0)
    const wrong = option('wrong')
    if (wrong !== undefined) bytes[wrong]! ^= 1
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
    const rest = bytes.subarray(from)
    const most = option('cut') ?? (from === 0 ? option('hold') : undefined) ?? rest.length
    setTimeout(() => answer(response, rest, most, from, bytes.length), option('wait') ?? 0)
    function answer(to: ServerResponse, body: Uint8Array, limit: number, start: number, total: number) {
      const part = start > 0 ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}
      to.writeHead(start > 0 ? 206 : 200, {
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'content-length': body.length,
        ...part,
      })
      entry.sent = Math.min(limit, body.length)
      if (limit >= body.length) to.end(body)
      else to.write(body.subarray(0, limit), () => option('cut') !== undefined && to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    open: () => open,
    mostOpen: () => mostOpen,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
