import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commands } from 'vitest/browser'
import { fileOf, hostedFile } from '../../test/stand-in-file.ts'
import { blake2b256 } from '../lib/blake2b.ts'
import { toHex } from '../lib/hex.ts'
import { openVault } from '../weights/opfs-vault.ts'
import { createDownloads } from './downloads-client.ts'

// The real worker with the browser's own storage and locks, against a host on this machine.

const SIZE = 3_000_000
let host = ''
beforeAll(async () => {
  host = await commands.openStandIn()
})
afterAll(() => commands.closeStandIn())

const page = document.baseURI
const open = () => createDownloads({ page, connectPractice: (port) => port.close() })
const digestOf = async (data: Blob) => toHex(await blake2b256(new Uint8Array(await data.arrayBuffer())))
const partials = async () => (await openVault()).list('partial')

test('a download runs in the worker; cancelled, it ends its connection and goes on from the byte where it stood', async () => {
  const onPage = vi.spyOn(globalThis, 'fetch')
  const onPageToo = vi.spyOn(XMLHttpRequest.prototype, 'send')
  const file = await hostedFile(host, 1, SIZE, '?hold=1500000')
  const control = new AbortController()
  const downloads = open()
  const options = { signal: control.signal, onProgress: () => control.abort() }
  await expect(downloads.fetchHosted(file, null, options)).rejects.toMatchObject({ code: 'cancelled' })
  await vi.waitFor(async () => expect((await commands.standInLog()).open).toBe(0))
  const vault = await openVault()
  const folder = `partial/${toHex(file.checksum)}`
  const { size } = (await vault.readJson(`${folder}/info.json`)) as { size: number }
  expect(size).toBe(SIZE)
  const kept = (await vault.sizeOf(folder)) - (await vault.sizeOf(`${folder}/info.json`))
  expect(kept).toBeGreaterThan(0)

  // Two at once, in two workers: one of them waits for the other.
  const [data, again] = await Promise.all([
    downloads.fetchHosted(file, null),
    open().fetchHosted({ ...file, url: `${host}1/${SIZE}` }, null),
  ])
  expect(await digestOf(data)).toBe(toHex(file.checksum))
  expect(await digestOf(again)).toBe(toHex(file.checksum))
  const { asked } = await commands.standInLog()
  expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${kept}-`, null])
  expect(await partials()).toEqual([])
  expect(onPage).not.toHaveBeenCalled()
  expect(onPageToo).not.toHaveBeenCalled()
  vi.restoreAllMocks()
})

test('a wrong byte leaves nothing behind, a large file is handed out from the vault, and what was archived is there in the next visit', async () => {
  const downloads = open()
  const wrong = await hostedFile(host, 2, SIZE, '?wrong=2999999')
  await expect(downloads.fetchHosted(wrong, null)).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('File 2'),
  })
  expect(await partials()).toEqual([])

  // Above 16 MiB it stays in the vault, and the page has a handle on it.
  const large = await hostedFile(host, 4, 17_000_000)
  expect(await digestOf(await downloads.fetchHosted(large, null))).toBe(toHex(large.checksum))
  expect(await partials()).toEqual([{ name: toHex(large.checksum), kind: 'folder' }])
  await (await openVault()).remove('partial')

  const file = await hostedFile(host, 3, 1000)
  const digest = toHex(file.checksum)
  await downloads.archive.keep(digest, await downloads.fetchHosted(file, null), 10_000)
  const next = open()
  expect([...(await next.archive.digests())]).toContain(digest)
  const kept = await next.fetchHosted({ ...file, url: `${host}gone` }, null)
  expect(new Uint8Array(await kept.arrayBuffer())).toEqual(fileOf(3, 1000))
  await next.archive.clear()
})
