import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileOf, hostedFile } from '../../../test/stand-in-file.ts'
import { type StandInHost, standInHost } from '../../../test/stand-in-host.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { memoryVault } from '../../weights/memory-vault.ts'
import { createDownloads, type DownloadsClient } from '../downloads-client.ts'
import type { DownloadsCall, DownloadsEvent } from '../downloads-protocol.ts'
import { createPracticeFiles, servePracticeFiles } from '../practice-files.ts'
import { serveDownloads } from './serve-downloads.ts'
import { openTargetArchive } from './target-archive.ts'

let host: StandInHost
beforeEach(async () => {
  host = await standInHost()
})
afterEach(() => host.stop())

/** The page's end and the worker's in one thread; `practice` answers for the practice host. */
function downloads(practice: (url: string) => Promise<Blob> = () => Promise.reject(new Error('not asked'))) {
  const vault = memoryVault()
  let heard: (event: DownloadsEvent) => void = () => {}
  const held = new Map<string, Promise<unknown>>()
  const handle = serveDownloads({
    vault: async () => vault,
    archive: () => openTargetArchive(vault, () => 0),
    practice: createPracticeFiles(),
    // As navigator.locks: whoever waits leaves when its signal aborts, and the others keep their places.
    lock(name, signal, job) {
      const before = held.get(name) ?? Promise.resolve()
      const left = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
      const mine = Promise.race([before, left]).then(job)
      held.set(name, Promise.allSettled([before, mine]))
      left.catch(() => undefined)
      return mine
    },
    now: () => 0,
    emit: (event) => heard(event),
  })
  const client = {
    call: (call: DownloadsCall) => handle(call),
    onEvent: (listener: typeof heard) => {
      heard = listener
    },
    onCrash: () => {},
    restart: () => {},
  }
  let ends: MessagePort[] = []
  const made = createDownloads({
    page: 'http://127.0.0.1:1/',
    connectPractice(port) {
      ends.push(port)
      servePracticeFiles(port, practice)
    },
    spawn: () => client as unknown as DownloadsClient,
  })
  const close = () => {
    for (const port of ends) port.close()
    ends = []
  }
  return { made, vault, close }
}

test('six connections at a time; cancelled ones end all of theirs, and those that wait never begin', async () => {
  const { made, close } = downloads()
  const files = await Promise.all(
    Array.from({ length: 14 }, (_, n) => hostedFile(host.url, n, 30_000 + n, '?wait=20')),
  )
  const blobs = await Promise.all(files.map((file) => made.fetchHosted(file, null)))
  for (const [n, blob] of blobs.entries()) {
    expect(equalBytes(new Uint8Array(await blob.arrayBuffer()), fileOf(n, 30_000 + n))).toBe(true)
  }
  expect(host.mostOpen()).toBe(6)

  const control = new AbortController()
  const asked = host.asked.length
  const held = await Promise.all(
    Array.from({ length: 9 }, (_, n) => hostedFile(host.url, 50 + n, 20_000, '?hold=5000')),
  )
  const ended = Promise.allSettled(
    held.map((file) => made.fetchHosted(file, null, { signal: control.signal })),
  )
  await expect.poll(() => host.open()).toBe(6)
  control.abort()
  for (const result of await ended) expect(result).toMatchObject({ reason: { code: 'cancelled' } })
  await expect.poll(() => host.open()).toBe(0)
  expect(host.asked).toHaveLength(asked + 6)
  close()
})

test('a connection that breaks is made again from where it broke; a wrong byte is refused and leaves nothing', async () => {
  const { made, vault, close } = downloads()
  const progress: number[] = []
  const broken = await hostedFile(host.url, 1, 300_000, '?cut=200000')
  const data = await made.fetchHosted(broken, null, { onProgress: (done) => progress.push(done) })
  expect(equalBytes(new Uint8Array(await data.arrayBuffer()), fileOf(1, 300_000))).toBe(true)
  expect(host.asked.map(({ range }) => range)).toEqual([null, 'bytes=200000-'])
  expect(progress.at(-1)).toBe(300_000)

  const { size, digest } = await made.digestUrl(`${host.url}1/300000`, 300_000)
  expect({ size, digest }).toEqual({ size: 300_000, digest: broken.checksum })
  // It is left once it shows to be longer than what is looked for.
  const longer = await made.digestUrl(`${host.url}1/300000?hold=200000`, 1000)
  expect(longer.size).toBeGreaterThan(1000)
  await expect.poll(() => host.open()).toBe(0)
  await expect(made.digestUrl(`${host.url}1/300000?cut=5`, 300_000)).rejects.toMatchObject({
    code: 'network',
  })

  const wrong = await hostedFile(host.url, 2, 300_000, '?wrong=299999')
  await expect(made.fetchHosted(wrong, null)).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining('checksum'),
    hint: expect.stringContaining('left out'),
  })
  expect(await vault.list('')).toEqual([])
  close()
})

test('who waits for a file that is being fetched can be cancelled, and the next one goes on with what came', async () => {
  const { made, close } = downloads()
  const file = await hostedFile(host.url, 4, 300_000, '?hold=200000')
  const controls = Array.from({ length: 3 }, () => new AbortController())
  const [first, second, third] = controls.map(({ signal }) => made.fetchHosted(file, null, { signal }))
  const refused = expect(first).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(() => host.open()).toBe(1)
  controls[1]!.abort()
  await expect(second).rejects.toMatchObject({ code: 'cancelled' })
  // Neither the one before nor the one behind is touched by that.
  expect([host.open(), host.asked.length]).toEqual([1, 1])
  controls[0]!.abort()
  await refused
  const data = await third!
  expect(equalBytes(new Uint8Array(await data.arrayBuffer()), fileOf(4, 300_000))).toBe(true)
  expect(host.asked).toHaveLength(2)
  close()
})

test('kept data needs no host, and the practice host is asked through its own port, again after a restart', async () => {
  const file = await hostedFile('https://practice.invalid/', 3, 1000)
  const asked: string[] = []
  const { made, close } = downloads(async (url) => {
    asked.push(url)
    return asked.length === 1 ? new Promise(() => {}) : new Blob([fileOf(3, 1000)])
  })
  const data = made.fetchHosted(file, null)
  await expect.poll(() => asked.length).toBe(1)
  // Its worker has crashed, and another one took its place.
  made.reconnectPractice()
  expect((await data).size).toBe(1000)
  expect(asked).toEqual([file.url, file.url])
  await made.archive.keep(Buffer.from(file.checksum).toString('hex'), await data, 10_000)
  const kept = await made.fetchHosted({ ...file, url: `${host.url}gone` }, null)
  expect(kept.size).toBe(1000)
  expect(host.asked).toEqual([])
  close()
})
