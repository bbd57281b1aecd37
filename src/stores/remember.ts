import type { StoreApi } from 'zustand/vanilla'
import type { KeyValueStore } from '../lib/key-value-store.ts'

/**
 * Keeps some fields of a store between visits. What was stored by another version is taken only where `accept`
 * says that it still makes sense.
 */
export function remember<State extends object, Key extends keyof State>(
  storage: KeyValueStore,
  name: string,
  store: StoreApi<State>,
  keys: readonly Key[],
  accept: (saved: Pick<State, Key>) => boolean,
): void {
  const saved = storage.get(name) as Pick<State, Key> | undefined
  if (saved && keys.every((key) => key in saved) && accept(saved)) store.setState(saved as Partial<State>)
  store.subscribe((state, before) => {
    if (keys.every((key) => state[key] === before[key])) return
    const picked = Object.fromEntries(keys.map((key) => [key, state[key]]))
    try {
      storage.set(name, picked)
    } catch {
      // A full or forbidden storage costs the memory of a setting, nothing else.
    }
  })
}
