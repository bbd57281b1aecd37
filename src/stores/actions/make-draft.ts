import { checkEmbedding } from '../../chain/check-model-action.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { toHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { isBusy } from '../../train/phase.ts'
import { createFileKey } from '../../weights/aes-ctr.ts'
import type { EmbeddingReport, RunRecord } from '../../worker/protocol.ts'
import { isWorld, placeName, placeOf } from '../draft-place.ts'
import type { createDraftStorage } from '../draft-storage.ts'
import type { ModelDraft } from '../publish-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { askForHost } from './ask-for-host.ts'
import { createProvenance } from './strategies/provenance.ts'
import type { WizardPass } from './wizard-passes.ts'

/** The part of a commit that signs nothing: embedding, package, backup, host. */
export function createDraftMaker(
  parts: StudioParts,
  drafts: ReturnType<typeof createDraftStorage>,
  systemState: () => SystemStateView,
) {
  const { stores, trainer, practice } = parts
  const { network, run, runs } = stores
  const provenance = createProvenance(parts)

  /** A checkpoint of what the run is now; a running one is paused first. */
  async function freshCheckpoint(runId: string): Promise<void> {
    const { runId: activeId, phase } = run.getState()
    if (activeId !== runId || !isBusy(phase)) return
    if (phase === 'running') await trainer.call({ kind: 'pause' })
    await trainer.call({ kind: 'save' })
  }

  return {
    /**
     * Embeds and encrypts the run's newest checkpoint, for a new model or as an update of one that is active; saved on
     * this device before anything else happens.
     */
    async make(
      pass: WizardPass,
      runId: string,
      update?: { modelId: string; name: string },
      /** Of an older checkpoint that is meant instead. */
      digest?: string,
    ): Promise<ModelDraft> {
      const system = systemState()
      const { chainId, network: chosen } = network.getState()
      const place = placeOf(network.getState())
      if (digest === undefined) await freshCheckpoint(runId)
      const list = await trainer.call({ kind: 'listRuns' })
      runs.setState({ runs: list })
      const record = list.find(({ id }) => id === runId)
      const named = record?.kept?.find(({ weightsDigest }) => weightsDigest === digest)
      const checkpoint = named ?? record?.checkpoint
      if (!record || !checkpoint) {
        throw new StudioError('not-found', 'This run has no checkpoint to publish yet.', {
          hint: 'Train at least one step, then commit.',
        })
      }
      throwIfAborted(pass.signal)
      const sample = embeddingSample(record)
      const report = await trainer.call({
        kind: 'embed',
        runId,
        ...sample,
        ...(digest === undefined ? {} : { weightsDigest: digest }),
      })
      checkEmbedding(report.embedding, system)
      const unrecorded = await provenance
        .record({ kind: 'run', runId, label: record.name }, genesisEntry(sample, report))
        .then(() => '', notRecorded)

      throwIfAborted(pass.signal)
      pass.edit({ stage: 'package', progress: null })
      const key = createFileKey()
      const { weightsDigest } = report
      const packed = await trainer.call({ kind: 'package', runId, weightsDigest, key })

      throwIfAborted(pass.signal)
      const draft: ModelDraft = {
        id: crypto.randomUUID(),
        purpose: update ? 'update' : 'model',
        place,
        placeName: placeName(network.getState()),
        chainId: chosen.kind === 'practice' ? null : chainId,
        name: update?.name ?? record.name,
        config: record.recipe.config,
        runId,
        step: report.step,
        validationLoss: checkpoint.validationLoss,
        savedAt: parts.now(),
        embedding: [...report.embedding],
        embeddingNote: `${report.note}${unrecorded}`,
        stability: report.stability,
        key: toHex(key),
        packagePath: packed.path,
        weightsUrl: '',
        weightsSize: packed.size,
        weightsChecksum: toHex(packed.checksum),
        stake: `${system.parameters.modelMinStake}`,
        modelId: update?.modelId ?? null,
        createDigest: null,
        createEpoch: null,
        commitDigest: null,
        commitEpoch: null,
        revealDigest: null,
        revealEpoch: null,
      }
      pass.edit({ stage: 'backup', draftId: draft.id, progress: null })
      return drafts.save(draft)
    },

    /**
     * Puts the package where its network can read it, unless it is there. A world has a host, which checks the digest;
     * for any other network the person chooses one, and it is read back.
     */
    async host(pass: WizardPass, draft: ModelDraft): Promise<ModelDraft> {
      if (draft.weightsUrl !== '') return draft
      pass.edit({ stage: 'host', draftId: draft.id })
      const vault = await parts.vault()
      const data = await vault.openBlob(draft.packagePath)
      const { place, weightsChecksum: digest } = draft
      if (!isWorld(place)) {
        // The package stays: hosts lose files, and until the reveal that would cost half of the stake.
        return drafts.change(draft.id, { weightsUrl: await askForHost(parts, pass, draft, data) })
      }
      const { url } = await practice.call({ kind: 'putBlob', world: place, digest, data })
      const hosted = drafts.change(draft.id, { weightsUrl: url })
      // The host has its own copy now.
      await vault.remove(draft.packagePath)
      return hosted
    },
  }
}

/** What the embedding was made from, for the run's record. */
function genesisEntry(sample: { seed: number; windows?: number }, report: EmbeddingReport) {
  const { embedding, stability, note, step, weightsDigest } = report
  const agree = stability === null ? '' : `, whose halves agree to a cosine of ${stability.toFixed(4)}`
  return {
    kind: 'genesis',
    summary: `Genesis embedding of step ${step}${agree}`,
    inputs: { ...sample, weightsDigest, sample: note },
    outcome: { embedding: [...embedding], stability },
  } as const
}

/** The record is for the user alone: without it the model is published all the same, and says so. */
function notRecorded(error: unknown): string {
  return ` The record of this embedding could not be kept with its run: ${StudioError.from(error).message}`
}

/** The sample of windows that its recipe file asks for, else the customary one. */
function embeddingSample({ recipe, provenance }: RunRecord): { seed: number; windows?: number } {
  const asked = provenance?.recipe?.file.embedding
  return asked?.kind === 'genesis' ? { seed: asked.seed, windows: asked.windows } : { seed: recipe.seed }
}
