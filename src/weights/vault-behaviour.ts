import { expect } from 'vitest'
import type { Vault } from './vault.ts'

/** What every vault must do, as one walk that both implementations are put through. Needs an empty vault. */
export async function checkVaultBehaviour(vault: Vault): Promise<void> {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  const put = (path: string, ...parts: string[]) =>
    vault.writeFile(path, async (writer) => {
      for (const part of parts) await writer.write(new TextEncoder().encode(part))
    })

  expect(await vault.list('')).toEqual([])
  expect(await put('runs/one/weights.bin', 'hello ', 'vault')).toBe(11)
  const source = await vault.openFile('runs/one/weights.bin')
  expect(source.size).toBe(11)
  expect(text(await source.slice(6, 11))).toBe('vault')
  expect(await (await vault.openBlob('runs/one/weights.bin')).text()).toBe('hello vault')

  // A shorter file takes the place of a longer one whole; a write that fails leaves what was there.
  expect(await put('runs/one/weights.bin', 'short')).toBe(5)
  const torn = vault.writeFile('runs/one/weights.bin', async (writer) => {
    await writer.write(new Uint8Array(100))
    expect(writer.size).toBe(100)
    throw new Error('power cut')
  })
  await expect(torn).rejects.toThrow()
  expect(await (await vault.openBlob('runs/one/weights.bin')).text()).toBe('short')
  await expect(vault.writeFile('blobs/new', async () => Promise.reject(new Error('no')))).rejects.toThrow()
  expect(await vault.list('blobs')).toEqual([])

  await vault.writeJson('runs/one/manifest.json', { step: 3 })
  await put('runs/two/half.json', '{"step":')
  expect(await vault.readJson('runs/one/manifest.json')).toEqual({ step: 3 })
  expect(await vault.readJson('runs/two/half.json')).toBeUndefined()
  expect(await vault.readJson('runs/none.json')).toBeUndefined()
  await expect(vault.openFile('runs/none')).rejects.toMatchObject({ code: 'not-found' })

  expect(await vault.list('runs')).toEqual([
    { name: 'one', kind: 'folder' },
    { name: 'two', kind: 'folder' },
  ])
  expect(await vault.list('runs/one')).toEqual([
    { name: 'manifest.json', kind: 'file' },
    { name: 'weights.bin', kind: 'file' },
  ])
  expect(await vault.sizeOf('runs/one')).toBe(5 + '{"step":3}'.length)
  expect(await vault.sizeOf('runs/one/weights.bin')).toBe(5)
  expect(await vault.sizeOf('nothing/here')).toBe(0)

  await vault.remove('runs/one')
  await vault.remove('runs/one')
  expect(await vault.list('runs')).toEqual([{ name: 'two', kind: 'folder' }])
  for (const path of ['../x', 'a/../b', 'a/b.part', 'a b']) {
    await expect(put(path, 'x')).rejects.toMatchObject({ code: 'internal' })
  }
}
