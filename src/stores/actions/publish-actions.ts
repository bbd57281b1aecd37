import { vectorTensor } from '../../chain/bcs/tensor.ts'
import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import { checkEmbedding, checkModelActionAllowed } from '../../chain/check-model-action.ts'
import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import type { EffectsView } from '../../chain/effects-view.ts'
import { type PreparedTransaction, submitTransaction } from '../../chain/transaction/submit-transaction.ts'
import { fromHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { watchOnlyRefusal } from '../../wallet/keyless-signers.ts'
import type { HostChoice } from '../blob-host.ts'
import { isWorld, placeOf } from '../draft-place.ts'
import { createDraftStorage } from '../draft-storage.ts'
import type { WorldName } from '../network-store.ts'
import type { ModelDraft, SigningAct } from '../publish-store.ts'
import { revealBundle, revealCalendar } from '../reveal-files.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createDraftMaker } from './make-draft.ts'
import type { NetworkActions } from './network-actions.ts'
import { reviewChecks } from './review-checks.ts'
import { createWizardPasses, type WizardPass } from './wizard-passes.ts'

const ARCHITECTURE_VERSION = 1n
const COMMISSION_BPS = 1000n

export type PublishActions = ReturnType<typeof publishActions>

export function publishActions(parts: StudioParts, networkActions: NetworkActions) {
  const { stores, trainer, chain, fetchBlob } = parts
  const { publish, network, run, runs } = stores
  const drafts = createDraftStorage(parts.storage, publish)
  const maker = createDraftMaker(parts, drafts, systemState)
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

  /** A commit or reveal of this embedding would be accepted and harm nobody. */
  function checkDraft(draft: ModelDraft) {
    const { chainId } = network.getState()
    if (placeOf(network.getState()) !== draft.place) {
      throw new StudioError('refused', `This model belongs to ${draft.placeName}, and that is not open.`, {
        hint: 'Nothing was signed. Open it from the list of models, then continue.',
      })
    }
    if (draft.chainId !== null && draft.chainId !== chainId) {
      throw new StudioError('refused', `${draft.placeName} has begun anew since this model was made.`, {
        hint: 'Nothing was signed. The model is gone with the old chain; commit its run again.',
      })
    }
    checkEmbedding(Float32Array.from(draft.embedding), systemState())
  }

  /** What the review said of epoch and account holds only as long as both are the same. */
  function checkStillTrue(prepared: PreparedTransaction, signer: string) {
    if (systemState().epoch > prepared.state.epoch) {
      throw new StudioError('refused', 'The epoch has changed since this review was made.', {
        hint: 'Nothing was signed. Close it and go on from the list of models: the review is made anew.',
      })
    }
    if (parts.wallet().address !== signer) {
      throw new StudioError('refused', 'Another account has been imported since this review was made.', {
        hint: 'Nothing was signed. Import the account of this model again to go on with it.',
      })
    }
  }

  /**
   * The hosted file. Before the commit only its own address counts; for the reveal also what the network passes on and,
   * since a missed reveal costs half of the stake and a lost file can be put back, the package on this device.
   */
  async function readBack(draft: ModelDraft, act: SigningAct): Promise<{ data: Blob; isHosted: boolean }> {
    const { weightsUrl: url, weightsSize: size, modelId: id, place } = draft
    if (act !== 'reveal' || id === null || isWorld(place))
      return { data: await fetchBlob(url), isHosted: true }
    const checksum = fromHex(draft.weightsChecksum)
    try {
      const what = `The file of ${draft.name}`
      const data = await parts.readHosted({ kind: 'model', id, url, size, checksum, what })
      return { data, isHosted: true }
    } catch {
      const vault = await parts.vault()
      return { data: await vault.openBlob(draft.packagePath), isHosted: false }
    }
  }

  interface Act {
    readonly name: SigningAct
    readonly kind: TransactionKindInput
    /** Saves, before the signature, what must outlive the tab. */
    remember?(prepared: PreparedTransaction): void
    /** Saves, at once, that it was executed. */
    executed(digest: string, effects: EffectsView): void
  }

  /** Reviews, signs and sends one transaction about a draft. */
  async function transact(pass: WizardPass, draft: ModelDraft, act: Act): Promise<void> {
    checkDraft(draft)
    pass.edit({ stage: 'review', review: null, receipt: null, progress: null })
    const { data, isHosted } = await readBack(draft, act.name)
    const file = { size: data.size, digest: await trainer.call({ kind: 'digest', data }), isHosted }
    const signer = parts.wallet()
    if (signer.kind === 'watch-only') throw watchOnlyRefusal(signer.address)
    const submitting = submitTransaction({
      client: chain,
      network: stores.wallet.getState().network,
      signer,
      kind: act.kind,
      signal: pass.signal,
      async confirm(prepared) {
        const { bytes } = prepared.built
        const checks = reviewChecks(bytes, draft, file, prepared.state)
        const simulated = { ok: prepared.simulation.success, text: simulationText(prepared) }
        const review = { act: act.name, preview: prepared.preview, bytes, checks, simulated }
        pass.edit({ review, signing: false })
        if (!(await pass.answer())) return false
        checkDraft(draft)
        checkStillTrue(prepared, signer.address)
        const mismatch = checks.find(({ matches }) => !matches)
        if (mismatch) {
          throw new StudioError('refused', `${mismatch.label} does not match what is on this device.`, {
            hint: 'Nothing was signed. Commit the run again to make a new package.',
          })
        }
        act.remember?.(prepared)
        pass.edit({ signing: true })
        return true
      },
    })
    const { built, effects } = await submitting.catch(async (error) => {
      // A transaction that failed has cost its fee all the same.
      await networkActions.refreshNetwork()
      throw error
    })
    act.executed(built.digest, effects)
    pass.edit({ signing: false })
    await networkActions.refreshNetwork()
    if (act.name === 'create') return
    const { digest } = built
    const receipt = { act: act.name, digest, epoch: Number(effects.epoch), fee: effects.fee.totalFee }
    pass.edit({ stage: 'receipt', review: null, receipt })
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
    const { id } = await maker.host(pass, made)
    const isKnown = () =>
      network.getState().system?.models.some((model) => model.id === drafts.find(id).modelId)
    if (!isKnown()) await create(pass, drafts.find(id))
    const draft = drafts.find(id)
    const checksum = fromHex(draft.weightsChecksum)
    await transact(pass, draft, {
      name: 'commit',
      kind: {
        CommitModel: {
          modelId: draft.modelId ?? '',
          manifest: { url: draft.weightsUrl, checksum, size: BigInt(draft.weightsSize) },
          weightsCommitment: checksum,
          embeddingCommitment: embeddingCommitment(Float32Array.from(draft.embedding)),
          decryptionKeyCommitment: keyCommitment(fromHex(draft.key)),
        },
      },
      executed: (commitDigest, { epoch }) =>
        void drafts.change(id, { commitDigest, commitEpoch: Number(epoch) }),
    })
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

  return {
    async commit(runId: string) {
      requireAccount()
      await passes.run('embed', null, async (pass) => {
        stores.view.setState({ screen: 'publish' })
        await networkActions.opened()
        await openPlaceOf(runId)
        const made = await maker.make(pass, runId).finally(() => {
          // The trainer's progress line was lent to the wizard.
          if (run.getState().phase !== 'preparing') run.setState({ progress: null })
        })
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
      const isKept = !isWorld(place) || weightsUrl === ''
      if (isKept) await (await parts.vault()).remove(packagePath)
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

function simulationText({ simulation }: PreparedTransaction): string {
  const written = simulation.changes.filter(({ ref }) => ref !== null).length
  return simulation.success ? `Succeeds; writes ${written} objects` : (simulation.failure?.message ?? 'Fails')
}
