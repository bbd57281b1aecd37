import {
  customNetwork,
  type Network,
  type NetworkUrls,
  practiceNetwork,
  presetNetworks,
  withUrls,
} from '../chain/networks.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'

const KEY = 'networks'

/** What is stored: addresses of the presets that were changed, and networks that the user added. */
interface StoredNetwork {
  readonly id: string
  readonly name: string
  readonly urls: NetworkUrls
}

/** The networks as they were left; what another version stored or damaged is passed over. */
export function loadNetworks(storage: KeyValueStore): Network[] {
  const stored = storage.get(KEY)
  const entries = (Array.isArray(stored) ? stored : []).filter(isStored)
  const sound = (make: () => Network): Network | null => {
    try {
      return make()
    } catch {
      return null
    }
  }
  const presets = presetNetworks.map((preset) => {
    const entry = entries.find(({ id }) => id === preset.id)
    return (entry && preset !== practiceNetwork && sound(() => withUrls(preset, entry.urls))) || preset
  })
  const custom = entries
    .filter(({ id }) => !presetNetworks.some((preset) => preset.id === id))
    .flatMap(({ id, name, urls }) => sound(() => withUrls(customNetwork(id, name, {}), urls)) ?? [])
  return [...presets, ...custom]
}

export function saveNetworks(storage: KeyValueStore, networks: readonly Network[]): void {
  const changed = networks.filter((network) => !presetNetworks.includes(network))
  storage.set(
    KEY,
    changed.map(({ id, name, urls }): StoredNetwork => ({ id, name, urls })),
  )
}

function isStored(value: unknown): value is StoredNetwork {
  const { id, name, urls } = (value ?? {}) as Partial<StoredNetwork>
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof urls === 'object' &&
    urls !== null &&
    Object.values(urls).every((url) => typeof url === 'string')
  )
}
