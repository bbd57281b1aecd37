import type { KeyValueStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { createPublishStore, ModelDraft } from './publish-store.ts'

const storageKey = 'model-drafts'

/** Drafts in the store and on this device at once: each change is saved before it is shown. */
export function createDraftStorage(storage: KeyValueStore, publish: ReturnType<typeof createPublishStore>) {
  function write(drafts: readonly ModelDraft[]) {
    storage.set(storageKey, drafts)
    publish.setState({ drafts })
  }

  function find(id: string): ModelDraft {
    const draft = publish.getState().drafts.find((candidate) => candidate.id === id)
    if (!draft) throw new StudioError('not-found', 'This model is no longer on this device.')
    return draft
  }

  return {
    load() {
      const saved = storage.get(storageKey)
      publish.setState({ drafts: Array.isArray(saved) ? (saved as ModelDraft[]) : [] })
    },
    save(draft: ModelDraft) {
      write([draft, ...publish.getState().drafts])
    },
    change(id: string, change: Partial<ModelDraft>): ModelDraft {
      const changed = { ...find(id), ...change }
      write(publish.getState().drafts.map((draft) => (draft.id === id ? changed : draft)))
      return changed
    },
    remove(id: string) {
      write(publish.getState().drafts.filter((draft) => draft.id !== id))
    },
    find,
  }
}
