import { digestToText } from '../../chain/ids.ts'
import { decodeTransaction } from '../../chain/transaction/build-transaction.ts'
import { checkSubmission, planSubmitData } from '../../chain/transaction/plan-submission.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { StudioParts } from '../studio-parts.ts'
import { hostData, scorableModels, scoreWithService } from './score-submission.ts'
import { serviceOf } from './service-of.ts'
import type { SigningActions } from './signing-actions.ts'

export interface SubmissionOptions {
  readonly signal?: AbortSignal
  /** Told what begins, in words that an amount of time can follow. */
  readonly onStep?: (step: string) => void
}

/** Submitting data to targets. */
export function submissionActions(parts: StudioParts, { transact }: Pick<SigningActions, 'transact'>) {
  const { stores, chain, trainer, digestUrl } = parts

  return {
    /**
     * Hosts the data, has the network's scoring service score it with every model of the target, and submits it for the
     * one with the lowest loss, after a review. `address` is that of `hostData`; a world needs none. Whether it was
     * executed; rejects with 'refused' where the target would not take it, with 'cancelled' and nothing signed once
     * `signal` aborts.
     */
    async submitData(
      targetId: string,
      data: Blob,
      address: string,
      { signal, onStep }: SubmissionOptions = {},
    ): Promise<boolean> {
      const step = (words: string) => {
        throwIfAborted(signal)
        onStep?.(words)
      }
      const { network, system } = stores.network.getState()
      if (!system) throw new StudioError('network', 'The network has not answered yet.', { retryable: true })
      if (network.kind !== 'practice') serviceOf(network, 'scoring')
      const most = system.parameters.maxSubmissionDataSize
      if (data.size === 0 || BigInt(data.size) > most) {
        throw new StudioError('bad-input', `The data has ${formatCount(data.size)} bytes.`, {
          hint: `Nothing was sent. A submission has 1 to ${formatCount(most)} bytes.`,
        })
      }
      step('Reading the target')
      const target = await chain.target(targetId, signal)
      const models = scorableModels(target, system)
      if (models.length === 0) {
        throw new StudioError('refused', 'No model of this target can be scored.', {
          hint: 'Nothing was sent. They are inactive or were never revealed; choose another target.',
        })
      }

      const checksum = await trainer.call({ kind: 'digest', data })
      step('Hosting the data')
      const url = await hostData(parts, { data, checksum, address }, signal)
      step('Reading the data back')
      const back = await digestUrl(url, data.size, signal)
      if (back.size !== data.size || !equalBytes(back.digest, checksum)) {
        throw new StudioError('corrupt', 'What lies at this address is not the data, byte for byte.', {
          hint: 'Nothing was signed. Host the data unchanged, then try again.',
        })
      }

      step(`Scoring with ${formatPlural(models.length, 'model')}`)
      const score = await scoreWithService(parts, { target, data, checksum, url }, models, signal)
      const manifest = { url, checksum, size: BigInt(data.size) }
      const submission = { targetId, manifest, ...score }
      // Said here, where another text can be chosen, rather than in the dialog.
      checkSubmission(target, submission, system.epoch)
      const done = await transact(planSubmitData(submission), ({ built }) => {
        const { kind } = decodeTransaction(built.bytes)
        const signed = kind.$kind === 'SubmitData' ? kind.SubmitData : undefined
        const said = signed?.dataManifest.manifest
        const words = (target_: string, model: string) =>
          `${compactAddress(target_)}, scored with ${compactAddress(model)}`
        return [
          {
            label: 'Target and model',
            value: words(signed?.targetId ?? '', signed?.modelId ?? ''),
            detail: `lowest loss of ${formatPlural(models.length, 'model')}, by the scoring service`,
            matches: signed?.targetId === targetId && signed.modelId === score.modelId,
          },
          {
            label: 'Data',
            value: digestToText(said?.checksum ?? new Uint8Array(32)),
            detail: 'BLAKE2b-256, computed again from the file that was read back',
            matches: said !== undefined && equalBytes(said.checksum, checksum) && said.url === url,
          },
        ]
      })
      return done !== null
    },
  }
}
