import type { Snapshot } from '../../practice/core/snapshot.ts'
import type { Speed } from '../../practice/epoch-clock.ts'
import { speeds } from '../../practice/epoch-clock.ts'
import type { PracticeHost } from '../../practice/practice-host.ts'
import type { Vault } from '../../weights/vault.ts'
import type { WorldName } from '../practice-protocol.ts'

/** What the user chose for a world; kept over a reset. */
export interface WorldSettings {
  readonly speed: Speed
  /** Whether the world's own accounts act in each epoch. */
  readonly players: boolean
}

export interface StoredState {
  readonly snapshot: Snapshot
  readonly imported: boolean
}

const DEFAULTS: WorldSettings = { speed: 'click', players: true }

/** Reads and writes a world's state and settings in the vault. */
export interface WorldKeeper {
  /** The stored state; undefined where there is none. */
  readonly state: StoredState | undefined
  readonly settings: WorldSettings
  /** Writes the host's state soon: changes that come while a write is under way share the next one. */
  save(host: PracticeHost): void
  /** Resolves when everything that was to be saved is; rejects with 'storage' where it could not be. */
  saved(): Promise<void>
  saveSettings(settings: WorldSettings): Promise<void>
}

export async function openWorldKeeper(vault: Vault, world: WorldName): Promise<WorldKeeper> {
  const statePath = `${world}/state.json`
  const settingsPath = `settings-${world}.json`
  const stored = (await vault.readJson(statePath)) as Partial<StoredState> | undefined
  const settings = (await vault.readJson(settingsPath)) as Partial<WorldSettings> | undefined
  const { snapshot, imported = false } = stored ?? {}
  let saving: Promise<void> = Promise.resolve()
  let queued = false
  return {
    state: snapshot && { snapshot, imported },
    settings: {
      speed: speeds.find((speed) => speed === settings?.speed) ?? DEFAULTS.speed,
      players: settings?.players ?? DEFAULTS.players,
    },
    save(host) {
      if (queued) return
      queued = true
      saving = saving
        .catch(() => undefined)
        .then(() => {
          queued = false
          return vault.writeJson(statePath, { snapshot: host.snapshot(), imported: host.imported })
        })
      // Whoever caused the change waits for `saved` and is told.
      saving.catch(() => undefined)
    },
    saved: () => saving,
    saveSettings: (changed) => vault.writeJson(settingsPath, changed),
  }
}
