import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { openVault } from './opfs-vault.ts'
import type { TestJob } from './opfs-vault-test-worker.ts'
import { checkVaultBehaviour } from './vault-behaviour.ts'

type Message = Record<string, unknown>

let root = ''
beforeEach(() => {
  root = `test-${crypto.randomUUID()}`
})
afterEach(async () => {
  const folder = await navigator.storage.getDirectory()
  await folder.removeEntry(root, { recursive: true }).catch(() => undefined)
})

/** Runs a job of the test worker; `messages` has all that it said, the last being its result. */
async function runInWorker(job: TestJob): Promise<{ worker: Worker; messages: Message[] }> {
  const worker = new Worker(new URL('./opfs-vault-test-worker.ts', import.meta.url), { type: 'module' })
  const messages: Message[] = []
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Message>) => {
      messages.push(data)
      if ('result' in data || 'error' in data) resolve()
    }
    worker.onerror = (event) => reject(new Error(event.message))
    worker.postMessage({ root, job })
  })
  return { worker, messages }
}

it('behaves as a vault on the page', async () => {
  await checkVaultBehaviour(await openVault(root))
})

it('writes through synchronous handles in a worker, and the page reads it', async () => {
  const { worker, messages } = await runInWorker('work')
  worker.terminate()
  expect(messages[0]).toMatchObject({
    second: { code: 'storage', message: expect.stringMatching(/another tab/) },
  })
  expect(messages.at(-1)).toEqual({
    result: {
      size: 200_000,
      torn: 'cancelled',
      last: 2,
      held: 5,
      entries: [
        { name: 'held', kind: 'file' },
        { name: 'large', kind: 'file' },
      ],
    },
  })
  const vault = await openVault(root)
  expect(await vault.readJson('runs/a/manifest.json')).toEqual({ from: 'worker' })
  expect((await vault.openBlob('blobs/large')).size).toBe(200_000)
})

it('keeps the file before when a worker is killed while it writes', async () => {
  const vault = await openVault(root)
  await vault.writeJson('blobs/large', 'before')
  const { worker, messages } = await runInWorker('hang')
  expect(messages).toEqual([{ result: 'writing' }])
  worker.terminate()
  expect(await vault.readJson('blobs/large')).toBe('before')
  expect(await vault.list('blobs')).toEqual([{ name: 'large', kind: 'file' }])
  // The browser gives the dead worker's lock back a moment later.
  await vi.waitFor(() => vault.writeJson('blobs/large', 'after'), { timeout: 20_000, interval: 100 })
  expect(await vault.readJson('blobs/large')).toBe('after')
})

it('reports a full disk and keeps the file before', async () => {
  const vault = await openVault(root)
  await vault.writeJson('blobs/x', 'before')
  const { origin } = location
  await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 500_000 })
  try {
    const writing = vault.writeFile('blobs/x', async (writer) => {
      for (let i = 0; i < 20; i += 1) await writer.write(new Uint8Array(100_000))
    })
    await expect(writing).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/no room/),
    })
  } finally {
    await cdp().send('Storage.overrideQuotaForOrigin', { origin })
  }
  expect(await vault.readJson('blobs/x')).toBe('before')
})

it('reads what is there when a file is replaced under the reader', async () => {
  const vault = await openVault(root)
  await vault.writeJson('run.json', { turn: 0 })
  let writing = true
  const writes = (async () => {
    for (let turn = 1; turn <= 60; turn += 1) await vault.writeJson('run.json', { turn })
    writing = false
  })()
  const seen: number[] = []
  const readers = Array.from({ length: 4 }, async () => {
    while (writing) seen.push(((await vault.readJson('run.json')) as { turn: number }).turn)
  })
  await Promise.all([writes, ...readers])
  expect(seen.length).toBeGreaterThan(0)
  expect(await vault.readJson('run.json')).toEqual({ turn: 60 })
})
