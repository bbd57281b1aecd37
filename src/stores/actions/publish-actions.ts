import { vectorTensor } from '../../chain/bcs/tensor.ts'
import { checkModelActionAllowed } from '../../chain/check-model-action.ts'
import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import { fromHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { watchOnlyRefusal } from '../../wallet/keyless-signers.ts'
import type { HostChoice } from '../blob-host.ts'
import { isWorld, placeName, placeOf } from '../draft-place.ts'
import { createDraftStorage } from '../draft-storage.ts'
import type { WorldName } from '../network-store.ts'
import type { ModelDraft } from '../publish-store.ts'
import { readBundle } from '../read-bundle.ts'
import { revealBundle, revealCalendar } from '../reveal-files.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createDraftMaker } from './make-draft.ts'
import { createUpdateMaker } from './make-update.ts'
import type { NetworkActions } from './network-actions.ts'
import { createDraftSigner } from './sign-draft.ts'
import { createWizardPasses, type WizardPass } from './wizard-passes.ts'

const ARCHITECTURE_VERSION = 1n
const COMMISSION_BPS = 1000n

export type PublishActions = ReturnType<typeof publishActions>

export function publishActions(parts: StudioParts, networkActions: NetworkActions) {
  const { stores, trainer } = parts
  const { publish, network, run, runs } = stores
  const drafts = createDraftStorage(parts.storage, publish)
  const maker = createDraftMaker(parts, drafts, systemState)
  const updates = createUpdateMaker(parts, drafts, systemState)
  const transact = createDraftSigner(parts, networkActions, systemState)
  const passes = createWizardPasses(publish, () => void trainer.call({ kind: 'cancel', job: 'publish' }))

  // Embedding and packaging report through the trainer's one progress line.
  run.subscribe(({ progress }, before) => {
    const { wizard } = publish.getState()
    const working = wizard?.stage === 'embed' || wizard?.stage === 'package'
    if (wizard && working && progress !== before.progress)
      publish.setState({ wizard: { ...wizard, progress } })
  })

  function systemState() {
    const { system } = network.getState()
    if (!system) throw new StudioError('network', 'The network has not answered yet.', { retryable: true })
    checkModelActionAllowed(system)
    return system
  }

  async function create(pass: WizardPass, draft: ModelDraft): Promise<void> {
    const { balance } = stores.wallet.getState()
    const stakeAmount = BigInt(draft.stake)
    const isPractice = isWorld(draft.place)
    // The practice faucet is free; a person who has just arrived should not need to know of it.
    if (isPractice && balance !== null && balance < stakeAmount + stakeAmount / 100n)
      await networkActions.requestGas()
    await transact(pass, draft, {
      name: 'create',
      kind: {
        CreateModel: {
          stakeAmount,
          commissionRate: COMMISSION_BPS,
          architectureVersion: ARCHITECTURE_VERSION,
        },
      },
      remember: ({ preview }) => void drafts.change(draft.id, { modelId: preview.createdId }),
      executed: (createDigest, { epoch }) =>
        void drafts.change(draft.id, { createDigest, createEpoch: Number(epoch) }),
    })
  }

  /** From wherever the network says the model is to its commit. */
  async function createAndCommit(pass: WizardPass, made: ModelDraft): Promise<void> {
    if (made.purpose !== 'model') updates.updatable(made.modelId ?? '')
    const { id } = await maker.host(pass, made)
    const registered = () => systemState().models.find((model) => model.id === drafts.find(id).modelId)
    if (made.purpose === 'model' && !registered()) await create(pass, drafts.find(id))
    const draft = drafts.find(id)
    const checksum = fromHex(draft.weightsChecksum)
    const kept = draft.purpose === 'embedding' ? registered()?.weightsCommitment : null
    await transact(pass, draft, {
      name: 'commit',
      kind: {
        CommitModel: {
          modelId: draft.modelId ?? '',
          manifest: { url: draft.weightsUrl, checksum, size: BigInt(draft.weightsSize) },
          weightsCommitment: kept ?? checksum,
          embeddingCommitment: embeddingCommitment(Float32Array.from(draft.embedding)),
          decryptionKeyCommitment: keyCommitment(fromHex(draft.key)),
        },
      },
      executed: (commitDigest, { epoch }) =>
        void drafts.change(id, { commitDigest, commitEpoch: Number(epoch) }),
    })
    if (draft.purpose === 'embedding') await updates.recordPlace(drafts.find(id))
  }

  /** Whether the open network takes a run's config, before anything is computed for it; opens the world that does. */
  async function openPlaceOf(runId: string): Promise<void> {
    const config = runs.getState().runs.find(({ id }) => id === runId)?.recipe.config
    const { network: chosen } = network.getState()
    if (chosen.kind !== 'practice') {
      const wanted = Number(systemState().parameters.targetEmbeddingDim)
      if (config === undefined || modelConfigs[config].dim === wanted) return
      throw new StudioError(
        'refused',
        `${chosen.name} scores embeddings of dimension ${wanted}; this run has ${modelConfigs[config].dim}.`,
        { hint: 'Nothing was made. Train a model of the config that this network scores.' },
      )
    }
    if (config === 'v1') {
      throw new StudioError('refused', 'No practice world scores models of the v1 config.', {
        hint: 'Its weights stay in the run. Choose a network of dimension 2,048 on the Network screen.',
      })
    }
    if (config && network.getState().world !== config) await networkActions.switchWorld(config)
  }

  /** A draft, with the world open that it belongs to; networks are only changed by the person. */
  async function inItsPlace(draftId: string): Promise<ModelDraft> {
    const draft = drafts.find(draftId)
    await networkActions.opened()
    const { network: chosen, world } = network.getState()
    const { place } = draft
    if (chosen.kind === 'practice' && isWorld(place) && world !== place)
      await networkActions.switchWorld(place)
    return draft
  }

  /** Fails, and leads to where an account is made, before anything is computed for nobody. */
  function requireAccount(): void {
    if (stores.wallet.getState().needsAccount) stores.view.setState({ screen: 'wallet' })
    const { kind, address } = parts.wallet()
    if (kind === 'watch-only') throw watchOnlyRefusal(address)
  }

  /** The trainer's progress line was lent to the wizard. */
  const packaged = (making: Promise<ModelDraft>) =>
    making.finally(() => {
      if (run.getState().phase !== 'preparing') run.setState({ progress: null })
    })

  return {
    async commit(runId: string) {
      requireAccount()
      await passes.run('embed', null, async (pass) => {
        stores.view.setState({ screen: 'publish' })
        await networkActions.opened()
        await openPlaceOf(runId)
        await createAndCommit(pass, await packaged(maker.make(pass, runId)))
      })
    },

    /** Other weights, from a run's newest checkpoint, with their embedding, for an active model of this account. */
    async updateModel(modelId: string, runId: string) {
      requireAccount()
      await passes.run('embed', null, async (pass) => {
        stores.view.setState({ screen: 'publish' })
        await networkActions.opened()
        updates.updatable(modelId)
        updates.checkRun(runId)
        const update = { modelId, name: updates.nameOf(modelId) }
        await createAndCommit(pass, await packaged(maker.make(pass, runId, update)))
      })
    },

    /** Another embedding alone for an active model of this account; `note` says what it was computed from. */
    async updateEmbedding(modelId: string, embedding: Float32Array, note: string) {
      requireAccount()
      await passes.run('backup', null, async (pass) => {
        stores.view.setState({ screen: 'publish' })
        await networkActions.opened()
        const made = updates.makeEmbedding(modelId, embedding, note)
        pass.edit({ draftId: made.id })
        await createAndCommit(pass, made)
      })
    },

    /**
     * Embeds and packages one checkpoint of a run, to be committed with `continueDraft`. Null where the wizard was closed
     * or failed, which it then says.
     */
    async packageCheckpoint(
      runId: string,
      weightsDigest: string,
      update?: { modelId: string; name: string },
    ): Promise<string | null> {
      requireAccount()
      let made: ModelDraft | undefined
      await passes.run('embed', null, async (pass) => {
        await networkActions.opened()
        await openPlaceOf(runId)
        made = await maker.make(pass, runId, update, weightsDigest).finally(() => {
          if (run.getState().phase !== 'preparing') run.setState({ progress: null })
        })
      })
      return made?.id ?? null
    },

    continueDraft: (draftId: string) =>
      passes.run('review', draftId, async (pass) => createAndCommit(pass, await inItsPlace(draftId))),

    reveal: (draftId: string) =>
      passes.run('review', draftId, async (pass) => {
        const draft = await inItsPlace(draftId)
        await transact(pass, draft, {
          name: 'reveal',
          kind: {
            RevealModel: {
              modelId: draft.modelId ?? '',
              decryptionKey: fromHex(draft.key),
              embedding: vectorTensor(Float32Array.from(draft.embedding)),
            },
          },
          executed: (revealDigest, { epoch }) =>
            void drafts.change(draftId, { revealDigest, revealEpoch: Number(epoch) }),
        })
      }),

    sign: async () => passes.sign(),
    chooseHost: (choice: HostChoice) => passes.choose(choice),
    /** The encrypted file of a draft, while it is on this device. */
    async packageFile(draftId: string) {
      const vault = await parts.vault()
      return vault.openBlob(drafts.find(draftId).packagePath)
    },
    closeWizard: () => passes.close(),
    forgetWorld(world: WorldName) {
      passes.close()
      for (const draft of publish.getState().drafts) if (draft.place === world) drafts.remove(draft.id)
    },
    async deleteDraft(draftId: string) {
      const { packagePath, place, weightsUrl } = drafts.find(draftId)
      drafts.remove(draftId)
      const isKept = packagePath !== '' && (!isWorld(place) || weightsUrl === '')
      if (isKept) await (await parts.vault()).remove(packagePath)
    },
    /** Saves the draft of a reveal bundle, to be revealed from here. */
    async importBundle(file: Blob) {
      const { chainId, network: chosen } = network.getState()
      const open = {
        place: placeOf(network.getState()),
        placeName: placeName(network.getState()),
        chainId: chosen.kind === 'practice' ? null : chainId,
      }
      const draft = await readBundle(file, open, parts.now())
      const isHere = publish
        .getState()
        .drafts.some(
          ({ modelId, key, commitEpoch }) =>
            modelId === draft.modelId && key === draft.key && commitEpoch === draft.commitEpoch,
        )
      if (isHere) throw new StudioError('refused', 'The model of this bundle is on this device already.')
      drafts.save(draft)
    },
    revealBundle: (draftId: string) => revealBundle(drafts.find(draftId)),
    revealCalendar(draftId: string) {
      const { system } = network.getState()
      const start = system?.epochStartMs ?? parts.now()
      return revealCalendar(drafts.find(draftId), start, system?.epochDurationMs ?? 0)
    },
    loadDrafts: () => drafts.load(),
  }
}
