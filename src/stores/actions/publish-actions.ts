import { vectorTensor } from '../../chain/bcs/tensor.ts'
import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import { checkEmbedding, checkModelActionAllowed } from '../../chain/check-model-action.ts'
import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import { practiceNetwork } from '../../chain/networks.ts'
import { type PreparedTransaction, submitTransaction } from '../../chain/transaction/submit-transaction.ts'
import { fromHex, toHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { isBusy } from '../../train/phase.ts'
import { createFileKey } from '../../weights/aes-ctr.ts'
import { createDraftStorage } from '../draft-storage.ts'
import type { ModelDraft, SigningAct, Wizard } from '../publish-store.ts'
import { revealBundle, revealCalendar } from '../reveal-files.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'
import { reviewChecks } from './review-checks.ts'

const ARCHITECTURE_VERSION = 1n
const COMMISSION_BPS = 1000n

const freshWizard = (stage: Wizard['stage'], draftId: string | null): Wizard => ({
  stage,
  draftId,
  review: null,
  receipt: null,
  signing: false,
  progress: null,
  error: null,
})

export function publishActions(parts: StudioParts, networkActions: NetworkActions) {
  const { stores, trainer, practice, chain, fetchBlob } = parts
  const { publish, network, run, runs } = stores
  const drafts = createDraftStorage(parts.storage, publish)
  /** Answers the review on screen: true signs, false closes. */
  let answer: ((sign: boolean) => void) | undefined

  const edit = (change: Partial<Wizard>) =>
    publish.setState(({ wizard }) => ({ wizard: wizard && { ...wizard, ...change } }))

  /** Runs one pass of the wizard; failures stay on its screen, a closed wizard is no failure. */
  async function pass(stage: Wizard['stage'], draftId: string | null, job: () => Promise<void>) {
    if (publish.getState().wizard?.signing) return
    answer?.(false)
    publish.setState({ wizard: freshWizard(stage, draftId) })
    try {
      await job()
    } catch (error) {
      const failure = StudioError.from(error)
      if (failure.code === 'cancelled') publish.setState({ wizard: null })
      else edit({ error: failure.serialise(), signing: false, progress: null })
    }
  }

  // Embedding and packaging report through the trainer's one progress line.
  run.subscribe(({ progress }, before) => {
    const { wizard } = publish.getState()
    const working = wizard?.stage === 'embed' || wizard?.stage === 'package'
    if (working && progress !== before.progress) edit({ progress })
  })

  function systemState() {
    const { system } = network.getState()
    if (!system) throw new StudioError('network', 'The network has not answered yet.', { retryable: true })
    checkModelActionAllowed(system)
    return system
  }

  /** A checkpoint of what the run is now; a running one is paused first. */
  async function freshCheckpoint(runId: string) {
    const { runId: activeId, phase } = run.getState()
    if (activeId !== runId || !isBusy(phase)) return
    if (phase === 'running') await trainer.call({ kind: 'pause' })
    await trainer.call({ kind: 'save' })
  }

  async function makeDraft(runId: string): Promise<ModelDraft> {
    const system = systemState()
    await freshCheckpoint(runId)
    const list = await trainer.call({ kind: 'listRuns' })
    runs.setState({ runs: list })
    const record = list.find(({ id }) => id === runId)
    if (!record?.checkpoint) {
      throw new StudioError('not-found', 'This run has no checkpoint to publish yet.', {
        hint: 'Train at least one step, then commit.',
      })
    }
    const report = await trainer.call({ kind: 'embed', runId, seed: record.recipe.seed })
    checkEmbedding(report.embedding, system)

    edit({ stage: 'package', progress: null })
    const key = createFileKey()
    const packed = await trainer.call({ kind: 'package', runId, key })

    const { world } = network.getState()
    const draft: ModelDraft = {
      id: crypto.randomUUID(),
      world,
      name: record.name,
      config: record.recipe.config,
      runId,
      step: record.checkpoint.step,
      validationLoss: record.checkpoint.validationLoss,
      savedAt: parts.now(),
      embedding: [...report.embedding],
      embeddingNote: report.note,
      stability: report.stability,
      key: toHex(key),
      weightsUrl: '',
      weightsSize: packed.size,
      weightsChecksum: toHex(packed.checksum),
      stake: `${system.parameters.modelMinStake}`,
      modelId: null,
      createDigest: null,
      createEpoch: null,
      commitDigest: null,
      commitEpoch: null,
      revealDigest: null,
      revealEpoch: null,
    }
    edit({ stage: 'backup', draftId: draft.id, progress: null })
    drafts.save(draft)

    edit({ stage: 'host' })
    const vault = await parts.vault()
    const data = await vault.openBlob(packed.path)
    const { url } = await practice.call({ kind: 'putBlob', digest: draft.weightsChecksum, data })
    // The host has its own copy now.
    await vault.remove(packed.path)
    return drafts.change(draft.id, { weightsUrl: url })
  }

  async function hostedFile(draft: ModelDraft) {
    const data = await fetchBlob(draft.weightsUrl)
    return { size: data.size, digest: await trainer.call({ kind: 'digest', data }) }
  }

  /** Reviews, signs and sends one transaction. `remember` saves what must outlive the tab before the signature. */
  async function transact(
    act: SigningAct,
    draft: ModelDraft,
    kind: TransactionKindInput,
    remember: (prepared: PreparedTransaction) => void = () => {},
  ) {
    systemState()
    edit({ stage: 'review', review: null, receipt: null, progress: null })
    const file = await hostedFile(draft)
    const submitted = await submitTransaction({
      client: chain,
      network: practiceNetwork,
      signer: parts.wallet(),
      kind,
      async confirm(prepared) {
        const { bytes } = prepared.built
        const checks = reviewChecks(bytes, draft, file, prepared.state)
        const simulated = { ok: prepared.simulation.success, text: simulationText(prepared) }
        edit({ review: { act, preview: prepared.preview, bytes, checks, simulated }, signing: false })
        const yes = await new Promise<boolean>((resolve) => {
          answer = resolve
        })
        answer = undefined
        if (!yes) return false
        if (network.getState().world !== draft.world) {
          throw new StudioError(
            'refused',
            `This model belongs to the ${draft.world} world, and another one is open.`,
            {
              hint: 'Nothing was signed. Open its world, then continue from the list of models.',
            },
          )
        }
        const mismatch = checks.find(({ matches }) => !matches)
        if (mismatch) {
          throw new StudioError('refused', `${mismatch.label} does not match what is on this device.`, {
            hint: 'Nothing was signed. Commit the run again to make a new package.',
          })
        }
        remember(prepared)
        edit({ signing: true })
        return true
      },
    })
    edit({ signing: false })
    await networkActions.refreshNetwork()
    return submitted
  }

  async function create(draft: ModelDraft): Promise<ModelDraft> {
    const { balance } = stores.wallet.getState()
    const stake = BigInt(draft.stake)
    // The practice faucet is free; a person who has just arrived should not need to know of it.
    if (balance !== null && balance < stake + stake / 100n) await networkActions.requestGas()
    const kind = {
      CreateModel: {
        stakeAmount: stake,
        commissionRate: COMMISSION_BPS,
        architectureVersion: ARCHITECTURE_VERSION,
      },
    }
    const { built, effects } = await transact('create', draft, kind, ({ preview }) =>
      drafts.change(draft.id, { modelId: preview.createdId }),
    )
    return drafts.change(draft.id, { createDigest: built.digest, createEpoch: Number(effects.epoch) })
  }

  async function commitModel(draft: ModelDraft): Promise<void> {
    const checksum = fromHex(draft.weightsChecksum)
    const embedding = Float32Array.from(draft.embedding)
    checkEmbedding(embedding, systemState())
    const kind = {
      CommitModel: {
        modelId: draft.modelId ?? '',
        manifest: { url: draft.weightsUrl, checksum, size: BigInt(draft.weightsSize) },
        weightsCommitment: checksum,
        embeddingCommitment: embeddingCommitment(embedding),
        decryptionKeyCommitment: keyCommitment(fromHex(draft.key)),
      },
    }
    const { built, effects } = await transact('commit', draft, kind)
    drafts.change(draft.id, { commitDigest: built.digest, commitEpoch: Number(effects.epoch) })
    receipt('commit', built.digest, effects.epoch, effects.fee.totalFee)
  }

  function receipt(act: SigningAct, digest: string, epoch: bigint, fee: bigint) {
    edit({ stage: 'receipt', review: null, receipt: { act, digest, epoch: Number(epoch), fee } })
  }

  /** A draft, with the world open that it belongs to. */
  async function inItsWorld(draftId: string): Promise<ModelDraft> {
    const draft = drafts.find(draftId)
    if (network.getState().world !== draft.world) await networkActions.switchWorld(draft.world)
    return draft
  }

  /** From wherever the network says the model is to its commit. */
  async function createAndCommit(draft: ModelDraft) {
    const known = network.getState().system?.models.find(({ id }) => id === draft.modelId)
    await commitModel(known ? draft : await create(draft))
  }

  return {
    commit: (runId: string) =>
      pass('embed', null, async () => {
        stores.view.setState({ screen: 'publish' })
        await createAndCommit(await makeDraft(runId))
      }),

    continueDraft: (draftId: string) => pass('review', draftId, () => createAndCommit(drafts.find(draftId))),

    reveal: (draftId: string) =>
      pass('review', draftId, async () => {
        const draft = await inItsWorld(draftId)
        const embedding = Float32Array.from(draft.embedding)
        checkEmbedding(embedding, systemState())
        const kind = {
          RevealModel: {
            modelId: draft.modelId ?? '',
            decryptionKey: fromHex(draft.key),
            embedding: vectorTensor(embedding),
          },
        }
        const { built, effects } = await transact('reveal', draft, kind)
        drafts.change(draftId, { revealDigest: built.digest, revealEpoch: Number(effects.epoch) })
        receipt('reveal', built.digest, effects.epoch, effects.fee.totalFee)
      }),

    async sign() {
      answer?.(true)
    },

    closeWizard() {
      const { wizard } = publish.getState()
      if (wizard?.signing) return
      void trainer.call({ kind: 'cancel' })
      answer?.(false)
      publish.setState({ wizard: null })
    },

    deleteDraft: (draftId: string) => drafts.remove(draftId),
    revealBundle: (draftId: string) => revealBundle(drafts.find(draftId)),
    revealCalendar(draftId: string) {
      const { system } = network.getState()
      return revealCalendar(
        drafts.find(draftId),
        system?.epochStartMs ?? parts.now(),
        system?.epochDurationMs ?? 0,
      )
    },
    loadDrafts: () => drafts.load(),
  }
}

function simulationText({ simulation }: PreparedTransaction): string {
  const written = simulation.changes.filter(({ ref }) => ref !== null).length
  return simulation.success ? `Succeeds; writes ${written} objects` : (simulation.failure?.message ?? 'Fails')
}
