import { StudioError } from '../lib/studio-error.ts'
import { openVault } from './opfs-vault.ts'

/** Test worker: writes through synchronous handles, which exist in dedicated workers only. */
async function work(root: string): Promise<unknown> {
  const vault = await openVault(root)
  const write = (byte: number, chunks: number) =>
    vault.writeFile('blobs/large', async (writer) => {
      for (let i = 0; i < chunks; i += 1) await writer.write(new Uint8Array(100_000).fill(byte))
    })
  await write(1, 3)
  const size = await write(2, 2)
  const torn = await vault
    .writeFile('blobs/large', async (writer) => {
      await writer.write(new Uint8Array(7))
      throw new StudioError('cancelled', 'Cancelled.')
    })
    .catch((error: unknown) => StudioError.from(error).code)
  const source = await vault.openFile('blobs/large')
  const last = (await source.slice(source.size - 1, source.size))[0]

  // Two writers of one file: the lock of the first must be named, and must not harm its write.
  const held = await vault.writeFile('blobs/held', async (writer) => {
    await writer.write(new Uint8Array(5))
    await vault
      .writeFile('blobs/held', async (second) => second.write(new Uint8Array(1)))
      .catch((error: unknown) => postMessage({ second: StudioError.from(error).serialise() }))
  })
  await vault.writeJson('runs/a/manifest.json', { from: 'worker' })
  return { size, torn, last, held, entries: await vault.list('blobs') }
}

/** Starts a write that never ends, for a page that kills its worker. */
async function hang(root: string): Promise<void> {
  const vault = await openVault(root)
  await vault.writeFile('blobs/large', async (writer) => {
    await writer.write(new Uint8Array(50))
    postMessage({ result: 'writing' })
    await new Promise(() => undefined)
  })
}

/** Writes more than the page allows. */
async function fillDisk(root: string): Promise<void> {
  const vault = await openVault(root)
  await vault.writeFile('blobs/x', async (writer) => {
    for (let i = 0; i < 20; i += 1) await writer.write(new Uint8Array(100_000))
  })
}

const jobs = { work, hang, fillDisk }

addEventListener('message', (event: MessageEvent<{ root: string; job: keyof typeof jobs }>) => {
  const { root, job } = event.data
  jobs[job](root).then(
    (result) => postMessage({ result }),
    (error: unknown) => postMessage({ error: StudioError.from(error).serialise() }),
  )
})

export type TestJob = keyof typeof jobs
