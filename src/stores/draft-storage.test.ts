import { expect, test } from 'vitest'
import { memoryStore } from '../lib/key-value-store.ts'
import { createDraftStorage } from './draft-storage.ts'
import { createPublishStore, type ModelDraft } from './publish-store.ts'

const draft = (id: string, savedAt: number): ModelDraft =>
  ({
    id,
    savedAt,
    key: 'ab'.repeat(32),
    embedding: [0.1, -0, 3e-45, -1].map(Math.fround),
  }) as unknown as ModelDraft

test('the embedding comes back bit by bit, the sign of zero and the smallest number included', () => {
  const storage = memoryStore()
  createDraftStorage(storage, createPublishStore()).save(draft('a', 1))
  const publish = createPublishStore()
  createDraftStorage(storage, publish).load()
  const [back] = publish.getState().drafts
  expect(new Uint32Array(Float32Array.from(back!.embedding).buffer)).toEqual(
    new Uint32Array(Float32Array.from(draft('a', 1).embedding).buffer),
  )
  expect(Object.is(back!.embedding[1], -0)).toBe(true)
})

test('two pages that write drafts keep each other’s', () => {
  const storage = memoryStore()
  const stores = [createPublishStore(), createPublishStore()]
  const [one, two] = stores.map((publish) => createDraftStorage(storage, publish))
  one!.load()
  two!.load()
  one!.save(draft('a', 1))
  two!.save(draft('b', 2))
  one!.change('a', { modelId: '0x1' })
  expect(stores[0]!.getState().drafts.map(({ id }) => id)).toEqual(['b', 'a'])
  two!.remove('b')
  one!.load()
  expect(stores[0]!.getState().drafts).toMatchObject([{ id: 'a', modelId: '0x1' }])
})
