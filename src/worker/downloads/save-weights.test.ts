import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { memorySource } from '../../data/memory-source.ts'
import { createFileKey } from '../../weights/aes-ctr.ts'
import { memorySink } from '../../weights/byte-sink.ts'
import { encryptFile } from '../../weights/encrypt-file.ts'
import { memoryVault } from '../../weights/memory-vault.ts'
import { saveWeights } from './save-weights.ts'

test('saves the owner’s file byte for byte, and nothing of a wrong one', async () => {
  const official = new Uint8Array(await readFile('test/golden/scoring/weights.small-42.safetensors'))
  const key = createFileKey()
  const sink = memorySink()
  const { size, checksum } = await encryptFile(memorySource('w', official), key, sink)
  const bytes = sink.bytes()
  const job = {
    config: 'small',
    label: 'Otter',
    file: { data: new Blob([bytes]), size, checksum, key },
  } as const
  const vault = memoryVault()
  const saved = await saveWeights(vault, job)
  const file = await vault.openFile(saved.path)
  expect(Buffer.compare(await file.slice(0, saved.size), official)).toBe(0)

  bytes[5000]! ^= 1
  const empty = memoryVault()
  const damaged = { ...job, file: { ...job.file, data: new Blob([bytes]) } }
  await expect(saveWeights(empty, damaged)).rejects.toMatchObject({ code: 'corrupt' })
  expect(await empty.list('downloads')).toEqual([])
  // Of another config: the tensors do not fit.
  await expect(saveWeights(vault, { ...job, config: 'practice' })).rejects.toThrow()
})
