import { describe, expect, it } from 'vitest'
import { localStore, memoryStore } from './key-value-store.ts'

/** The part of the Storage interface that is used, with a limit on what it holds. */
function fakeStorage(limit = Number.POSITIVE_INFINITY): Storage {
  const texts = new Map<string, string>()
  return {
    get length() {
      return texts.size
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem(key, text) {
      if (text.length > limit) throw new DOMException('full', 'QuotaExceededError')
      texts.set(key, text)
    },
    removeItem: (key) => void texts.delete(key),
    clear: () => texts.clear(),
  }
}

describe.each([
  ['memory', () => memoryStore()],
  ['local', () => localStore('studio.', fakeStorage())],
])('%s store', (_name, create) => {
  it('keeps copies of JSON values', () => {
    const store = create()
    const value = { list: [1, 2] }
    store.set('b', value)
    value.list.push(3)
    store.set('a', null)
    expect(store.get('b')).toEqual({ list: [1, 2] })
    expect(store.get('a')).toBeNull()
    expect(store.get('c')).toBeUndefined()
    expect(store.keys()).toEqual(['a', 'b'])
    store.remove('b')
    expect(store.keys()).toEqual(['a'])
  })
})

describe('localStore', () => {
  it('stays inside its prefix', () => {
    const storage = fakeStorage()
    storage.setItem('other', '1')
    const store = localStore('studio.', storage)
    store.set('x', 1)
    expect(store.keys()).toEqual(['x'])
    expect(storage.getItem('studio.x')).toBe('1')
  })

  it('reports a full storage and reads past damaged values', () => {
    const storage = fakeStorage(10)
    const store = localStore('studio.', storage)
    expect(() => store.set('x', 'a long enough text')).toThrow(expect.objectContaining({ code: 'storage' }))
    storage.setItem('studio.y', '{"half')
    expect(store.get('y')).toBeUndefined()
  })
})
