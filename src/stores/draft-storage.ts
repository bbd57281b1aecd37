import { fromHex, toHex } from '../lib/hex.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import { worldName } from './draft-place.ts'
import type { createPublishStore, DraftPurpose, ModelDraft } from './publish-store.ts'

const prefix = 'model-draft/'

/** As stored: the embedding as hex of its f32 bytes, because JSON loses the sign of zero. */
type StoredDraft = Omit<ModelDraft, 'embedding' | 'purpose'> & {
  readonly embedding: string
  readonly purpose?: DraftPurpose
  readonly world?: string
}

function encode(draft: ModelDraft): StoredDraft {
  const bytes = new Uint8Array(Float32Array.from(draft.embedding).buffer)
  return { ...draft, embedding: toHex(bytes) }
}

function decode({ world, ...stored }: StoredDraft): ModelDraft {
  // Drafts from before other networks could be published to name their world only.
  const where = world === undefined ? {} : { place: world, placeName: worldName(world), chainId: null }
  // Drafts from before models could be updated have no purpose.
  return {
    ...stored,
    ...where,
    purpose: stored.purpose ?? 'model',
    embedding: [...new Float32Array(fromHex(stored.embedding).buffer)],
  }
}

/**
 * Drafts in the store and on this device at once: each change is saved before it is shown. One entry for each draft,
 * so that nothing written elsewhere is overwritten.
 */
export function createDraftStorage(storage: KeyValueStore, publish: ReturnType<typeof createPublishStore>) {
  function read(id: string): ModelDraft | undefined {
    const stored = storage.get(prefix + id) as StoredDraft | undefined
    return typeof stored?.embedding === 'string' ? decode(stored) : undefined
  }

  function load() {
    const drafts = storage
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => read(key.slice(prefix.length)))
      .filter((draft) => draft !== undefined)
    publish.setState({ drafts: drafts.sort((a, b) => b.savedAt - a.savedAt) })
  }

  function save(draft: ModelDraft): ModelDraft {
    storage.set(prefix + draft.id, encode(draft))
    load()
    return draft
  }

  function find(id: string): ModelDraft {
    const draft = read(id)
    if (!draft) throw new StudioError('not-found', 'This model is no longer on this device.')
    return draft
  }

  return {
    load,
    save,
    find,
    change: (id: string, change: Partial<ModelDraft>) => save({ ...find(id), ...change }),
    remove(id: string) {
      storage.remove(prefix + id)
      load()
    },
  }
}
