import { checkEmbedding } from '../../chain/check-model-action.ts'
import type { ModelView } from '../../chain/model-view.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { toHex } from '../../lib/hex.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type ConfigName, configForDimension, modelConfigs } from '../../model/model-config.ts'
import { placeName, placeOf } from '../draft-place.ts'
import type { createDraftStorage } from '../draft-storage.ts'
import type { ModelDraft } from '../publish-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createProvenance } from './strategies/provenance.ts'

/** Updates of active models: which one may be updated, and the draft that changes an embedding alone. */
export function createUpdateMaker(
  parts: Pick<StudioParts, 'stores' | 'trainer' | 'now'>,
  drafts: ReturnType<typeof createDraftStorage>,
  systemState: () => SystemStateView,
) {
  const { stores, now } = parts
  const { network, publish, wallet, runs } = stores
  const provenance = createProvenance(parts)

  /** An active model of the account in use; throws 'refused' or 'not-found' where it cannot be updated. */
  function updatable(modelId: string): ModelView {
    const model = systemState().models.find(({ id }) => id === modelId)
    if (!model) throw new StudioError('not-found', 'The open network has no such model.')
    const hint = 'Nothing was made.'
    if (model.owner !== wallet.getState().address)
      throw new StudioError('refused', 'This model belongs to another account.', { hint })
    if (model.state === 'active') return model
    throw new StudioError('refused', `Only an active model can be updated; this one is ${model.state}.`, {
      hint,
    })
  }

  /** The draft that brought what the model competes with now, or the latest of it on this device. */
  function latestDraft(modelId: string): ModelDraft | undefined {
    const own = publish.getState().drafts.filter((draft) => draft.modelId === modelId)
    return own.find(({ revealDigest }) => revealDigest !== null) ?? own[0]
  }

  return {
    updatable,
    nameOf: (modelId: string) => latestDraft(modelId)?.name ?? compactAddress(modelId),

    /** Throws 'refused' where the model cannot take the weights of this run. */
    checkRun(runId: string): void {
      const config = runs.getState().runs.find(({ id }) => id === runId)?.recipe.config
      if (!config) throw new StudioError('not-found', 'This run is no longer on this device.')
      const wanted = Number(systemState().parameters.targetEmbeddingDim)
      if (modelConfigs[config].dim === wanted) return
      throw new StudioError(
        'refused',
        `This network scores embeddings of dimension ${wanted}; this run has ${modelConfigs[config].dim}.`,
        { hint: 'Nothing was made. Choose a run of the config that this network scores.' },
      )
    },

    /** Keeps with the run of the model that another embedding of it was committed; the draft says it in any case. */
    async recordPlace({ modelId, name, embedding, embeddingNote, commitDigest, commitEpoch }: ModelDraft) {
      await provenance
        .record(
          { kind: 'model', modelId: modelId ?? '', label: name },
          {
            kind: 'placed',
            summary: `Another embedding of ${name} was committed, its weights as they are: ${embeddingNote}`,
            inputs: { modelId, from: embeddingNote },
            outcome: { embedding: [...embedding], commitDigest, commitEpoch },
          },
        )
        .catch(() => undefined)
    },

    /**
     * Saves a draft of another embedding for an active model: address, checksum and key are those that the network has.
     * `note` says what the embedding was computed from.
     */
    makeEmbedding(modelId: string, embedding: Float32Array, note: string): ModelDraft {
      const system = systemState()
      const model = updatable(modelId)
      const { manifest, decryptionKey } = model
      if (manifest === null || decryptionKey === null)
        throw new StudioError('corrupt', 'The network shows no weights and no key of this model.')
      checkEmbedding(embedding, system)
      const before = latestDraft(modelId)
      const fitting = configForDimension(Number(system.parameters.targetEmbeddingDim))
      const { chainId, network: chosen } = network.getState()
      return drafts.save({
        id: crypto.randomUUID(),
        purpose: 'embedding',
        place: placeOf(network.getState()),
        placeName: placeName(network.getState()),
        chainId: chosen.kind === 'practice' ? null : chainId,
        name: before?.name ?? compactAddress(modelId),
        config: before?.config ?? (fitting?.name as ConfigName | undefined) ?? 'v1',
        runId: before?.runId ?? '',
        step: before?.step ?? 0,
        validationLoss: before?.validationLoss ?? null,
        savedAt: now(),
        embedding: [...embedding],
        embeddingNote: note,
        stability: null,
        key: toHex(decryptionKey),
        packagePath: '',
        weightsUrl: manifest.url,
        weightsSize: Number(manifest.size),
        weightsChecksum: toHex(manifest.checksum),
        stake: `${model.stake}`,
        modelId,
        createDigest: null,
        createEpoch: null,
        commitDigest: null,
        commitEpoch: null,
        revealDigest: null,
        revealEpoch: null,
      })
    },
  }
}
