import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import { checkEmbedding } from '../../chain/check-model-action.ts'
import type { EffectsView } from '../../chain/effects-view.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { type PreparedTransaction, submitTransaction } from '../../chain/transaction/submit-transaction.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { fromHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { watchOnlyRefusal } from '../../wallet/keyless-signers.ts'
import { isWorld, placeOf } from '../draft-place.ts'
import type { ModelDraft, SigningAct } from '../publish-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { embeddingChecks } from './embedding-checks.ts'
import type { NetworkActions } from './network-actions.ts'
import { type FileToReview, reviewChecks } from './review-checks.ts'
import type { WizardPass } from './wizard-passes.ts'

/** One transaction about a draft. */
export interface DraftAct {
  readonly name: SigningAct
  readonly kind: TransactionKindInput
  /** Saves, before the signature, what must outlive the tab. */
  remember?(prepared: PreparedTransaction): void
  /** Saves, at once, that it was executed. */
  executed(digest: string, effects: EffectsView): void
}

/** Reviews, signs and sends one transaction about a draft; nothing is signed that does not match this device. */
export function createDraftSigner(
  parts: StudioParts,
  networkActions: NetworkActions,
  systemState: () => SystemStateView,
) {
  const { stores, trainer, chain, digestUrl } = parts
  const { network } = stores

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
  async function readBack(draft: ModelDraft, act: SigningAct, signal: AbortSignal): Promise<FileToReview> {
    const { weightsUrl: url, weightsSize: size, modelId: id, place } = draft
    if (act !== 'reveal' || id === null || isWorld(place)) {
      return { ...(await digestUrl(url, size, signal)), readFrom: 'host' }
    }
    const checksum = fromHex(draft.weightsChecksum)
    try {
      const what = `The file of ${draft.name}`
      await parts.readHosted({ kind: 'model', id, url, size, checksum, what }, { signal })
      // What was read has passed both.
      return { size, digest: checksum, readFrom: 'host' }
    } catch {
      throwIfAborted(signal)
      // Of a model that came with a bundle nothing but its commitment is here.
      if (draft.packagePath === '') return { size, digest: checksum, readFrom: 'nowhere' }
      const data = await (await parts.vault()).openBlob(draft.packagePath)
      const digest = await trainer.call({ kind: 'digest', data })
      return { size: data.size, digest, readFrom: 'device' }
    }
  }

  return async function transact(pass: WizardPass, draft: ModelDraft, act: DraftAct): Promise<void> {
    checkDraft(draft)
    pass.edit({ stage: 'review', review: null, receipt: null, progress: null })
    // Where only the embedding changes no file does, and the registry is what counts.
    const file = draft.purpose === 'embedding' ? null : await readBack(draft, act.name, pass.signal)
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
        const { state } = prepared
        const checks = file ? reviewChecks(bytes, draft, file, state) : embeddingChecks(bytes, draft, state)
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
      await networkActions.refreshAccount()
      throw error
    })
    act.executed(built.digest, effects)
    pass.edit({ signing: false })
    await networkActions.refreshAccount()
    if (act.name === 'create') return
    const { digest } = built
    const receipt = { act: act.name, digest, epoch: Number(effects.epoch), fee: effects.fee.totalFee }
    pass.edit({ stage: 'receipt', review: null, receipt })
  }
}

function simulationText({ simulation }: PreparedTransaction): string {
  const written = simulation.changes.filter(({ ref }) => ref !== null).length
  return simulation.success ? `Succeeds; writes ${written} objects` : (simulation.failure?.message ?? 'Fails')
}
