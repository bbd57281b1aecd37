import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { blake2b256 } from '../lib/blake2b.ts'
import { equalBytes } from '../lib/equal-bytes.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import { memoryVault } from './memory-vault.ts'
import { sweepPartials } from './partial-file.ts'
import { resumeDownload } from './resume-download.ts'

const file = Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 13)
const digest = await blake2b256(file)

let stop = () => {}
afterEach(() => stop())

/** A host on this machine whose answers the test decides; `asked` has the Range of each request. */
async function host(answer: (request: IncomingMessage, response: ServerResponse, turn: number) => void) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers.range)
    answer(request, response, asked.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { asked, url }
}

function download(url: string, vault = memoryVault(), signal?: AbortSignal) {
  return resumeDownload({
    vault,
    key: toHex(digest),
    size: file.length,
    what: 'the file',
    now: () => 0,
    ask: (from, asked) =>
      fetch(url, {
        ...(from > 0 ? { headers: { range: `bytes=${from}-` } } : {}),
        ...(asked ? { signal: asked } : {}),
      }),
    async verify(data) {
      const found = await blake2b256(new Uint8Array(await data.arrayBuffer()))
      if (!equalBytes(found, digest)) throw new StudioError('corrupt', 'Another checksum.')
    },
    ...(signal ? { signal } : {}),
  })
}

/** All of `bytes`, or from the offset of the request's Range; cut off after `most` bytes of it. */
function send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, most = bytes.length) {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const rest = bytes.subarray(from)
  const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...range })
  if (most >= rest.length) response.end(rest)
  else response.write(rest.subarray(0, most), () => response.destroy())
}

const isFile = async (data: Blob) => equalBytes(new Uint8Array(await data.arrayBuffer()), file)

test('goes on where a connection broke, in another visit too, and leaves nothing behind', async () => {
  const { url, asked } = await host((request, response, turn) =>
    send(request, response, file, turn < 3 ? 100_000 : file.length),
  )
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (let visit = 0; visit < 2; visit += 1) {
    await expect(download(url, memoryVault(files))).rejects.toMatchObject({
      code: 'network',
      retryable: true,
    })
  }
  expect(await isFile(await download(url, memoryVault(files)))).toBe(true)
  expect(asked).toEqual([undefined, 'bytes=100000-', 'bytes=200000-'])
  expect(files.size).toBe(0)
})

test('a host without ranges is read from the start, and a file that was patched together wrongly once more', async () => {
  const other = file.map((byte) => byte ^ 1)
  const plain = await host((_, response, turn) => {
    if (turn > 1) return response.end(file)
    response.writeHead(200, { 'content-length': file.length })
    response.write(file.subarray(0, 70_000), () => response.destroy())
  })
  const vault = memoryVault()
  await expect(download(plain.url, vault)).rejects.toMatchObject({ code: 'network' })
  expect(await isFile(await download(plain.url, vault))).toBe(true)
  stop()
  // The host changes its file while it is being fetched, then has the right one.
  const turning = await host((request, response, turn) =>
    send(request, response, turn === 1 ? other : file, turn === 1 ? 70_000 : file.length),
  )
  await expect(download(turning.url, vault)).rejects.toMatchObject({ code: 'network' })
  expect(await isFile(await download(turning.url, vault))).toBe(true)
  expect(turning.asked).toEqual([undefined, 'bytes=70000-', undefined])
})

test('never hands out a wrong, longer or missing file', async () => {
  const vault = memoryVault()
  for (const [bytes, code] of [
    [file.map((byte) => byte ^ 1), 'corrupt'],
    [new Uint8Array(file.length + 1), 'corrupt'],
    [file.subarray(0, 10), 'corrupt'],
    [null, 'not-found'],
  ] as const) {
    const { url } = await host((_, response) => {
      if (bytes) response.end(bytes)
      else response.writeHead(404).end()
    })
    await expect(download(url, vault)).rejects.toMatchObject({ code })
    stop()
  }
})

test('a cancelled download keeps what came; old ones are swept', async () => {
  const control = new AbortController()
  const { url, asked } = await host((request, response, turn) => {
    if (turn > 1) return send(request, response, file)
    response.writeHead(200, { 'content-length': file.length })
    response.write(file.subarray(0, 150_000))
    setTimeout(() => control.abort(), 100)
  })
  const vault = memoryVault()
  await expect(download(url, vault, control.signal)).rejects.toMatchObject({ code: 'cancelled' })
  await sweepPartials(vault, 1000)
  expect(await vault.sizeOf('partial')).toBeGreaterThan(100_000)
  expect(await isFile(await download(url, vault))).toBe(true)
  expect(asked[1]).toMatch(/^bytes=1\d+-/)
  await vault.writeJson('partial/aa/info.json', { size: 9, startedAt: 0 })
  await sweepPartials(vault, 8 * 24 * 3600 * 1000)
  expect(await vault.list('partial')).toEqual([])
})
