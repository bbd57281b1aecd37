import { StudioError } from './studio-error.ts'

/** Small persistent texts by key: settings, wallets, run lists. Values are what JSON can hold. */
export interface KeyValueStore {
  /** The value last set under the key; undefined where there is none or what is there cannot be read. */
  get(key: string): unknown
  /** Rejects nothing silently: 'storage' when there is no room or storage is switched off. */
  set(key: string, value: unknown): void
  remove(key: string): void
  keys(): readonly string[]
}

/** Forgets everything with the page; values are copied in and out as the persistent one does. */
export function memoryStore(): KeyValueStore {
  const texts = new Map<string, string>()
  return textStore({
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    keys: () => [...texts.keys()],
  })
}

/** In the browser's localStorage, every key under `prefix` so that apps on one origin stay apart. */
export function localStore(prefix: string, storage: Storage = localStorage): KeyValueStore {
  return textStore({
    getItem: (key) => storage.getItem(prefix + key),
    setItem: (key, text) => storage.setItem(prefix + key, text),
    removeItem: (key) => storage.removeItem(prefix + key),
    keys: () =>
      Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '')
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
  })
}

interface Texts {
  getItem(key: string): string | null
  setItem(key: string, text: string): void
  removeItem(key: string): void
  keys(): string[]
}

function textStore(texts: Texts): KeyValueStore {
  return {
    get(key) {
      const text = texts.getItem(key)
      if (text === null) return undefined
      try {
        return JSON.parse(text) as unknown
      } catch {
        return undefined
      }
    },
    set(key, value) {
      try {
        texts.setItem(key, JSON.stringify(value))
      } catch (cause) {
        throw new StudioError('storage', 'The browser could not store a setting.', {
          hint: 'Allow this site to store data, or free some of its storage, then try again.',
          retryable: true,
          cause,
        })
      }
    },
    remove: (key) => texts.removeItem(key),
    keys: () => texts.keys().sort(),
  }
}
