import { expect, it } from 'vitest'
import { openVault } from './opfs-vault.ts'
import { checkVaultBehaviour } from './vault-behaviour.ts'

it('behaves as a vault on the page', async () => {
  const root = `test-${crypto.randomUUID()}`
  await checkVaultBehaviour(await openVault(root))
  await (await navigator.storage.getDirectory()).removeEntry(root, { recursive: true })
})

it('writes through synchronous handles in a worker, and the page reads it', async () => {
  const root = `test-${crypto.randomUUID()}`
  const worker = new Worker(new URL('./opfs-vault-test-worker.ts', import.meta.url), { type: 'module' })
  const messages: Record<string, unknown>[] = []
  const last = new Promise<Record<string, unknown>>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Record<string, unknown>>) => {
      messages.push(event.data)
      if ('result' in event.data || 'error' in event.data) resolve(event.data)
    }
    worker.onerror = (event) => reject(new Error(event.message))
  })
  worker.postMessage(root)
  expect(await last).toEqual({
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
  expect(messages[0]).toMatchObject({ second: { code: 'storage', message: expect.stringMatching(/another tab/) } })
  worker.terminate()

  const vault = await openVault(root)
  expect(await vault.readJson('runs/a/manifest.json')).toEqual({ from: 'worker' })
  expect((await vault.openBlob('blobs/large')).size).toBe(200_000)
  await (await navigator.storage.getDirectory()).removeEntry(root, { recursive: true })
})
