import { digestToText } from '../../chain/ids.ts'
import { decodeTransaction } from '../../chain/transaction/build-transaction.ts'
import { normaliseUrl } from '../../chain/transaction/normalise-url.ts'
import { checkSubmission, planSubmitData } from '../../chain/transaction/plan-submission.ts'
import { abortable, throwIfAborted } from '../../lib/abort.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { toHex } from '../../lib/hex.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { blobHost } from '../blob-host.ts'
import type { StudioParts } from '../studio-parts.ts'
import { serviceOf } from './service-of.ts'
import type { SigningActions } from './signing-actions.ts'

/** Seed of the network's own tools (protocol 8.7). */
const SCORE_SEED = 0n

export interface SubmissionOptions {
  readonly signal?: AbortSignal
  /** Told what begins, in words that an amount of time can follow. */
  readonly onStep?: (step: string) => void
}

/** Submitting data to targets. */
export function submissionActions(parts: StudioParts, { transact }: Pick<SigningActions, 'transact'>) {
  const { stores, chain, bridge, trainer, fetchBlob, verifyBlob } = parts

  return {
    /**
     * Hosts the data, has the network's scoring service score it with every model of the target, and submits it for the
     * one with the lowest loss, after a review. `address` ends with a slash: the data is put there; otherwise it is
     * there already. Whether it was executed; rejects with 'refused' where the target would not take it, and with
     * 'cancelled', nothing signed, once `signal` aborts.
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
      const service = serviceOf(network, 'scoring')
      const most = system.parameters.maxSubmissionDataSize
      if (data.size === 0 || BigInt(data.size) > most) {
        throw new StudioError('bad-input', `The data has ${formatCount(data.size)} bytes.`, {
          hint: `Nothing was sent. A submission has 1 to ${formatCount(most)} bytes.`,
        })
      }
      step('Reading the target')
      const target = await chain.target(targetId, signal)
      const scored = target.modelIds.flatMap((id) => {
        const model = system.models.find((candidate) => candidate.id === id)
        return model?.state === 'active' && model.manifest && model.decryptionKey
          ? [{ id, manifest: model.manifest, key: model.decryptionKey }]
          : []
      })
      if (scored.length === 0) {
        throw new StudioError('refused', 'No model of this target can be scored.', {
          hint: 'Nothing was sent. They are inactive or were never revealed; choose another target.',
        })
      }

      const checksum = await trainer.call({ kind: 'digest', data })
      const isFolder = address.trim().endsWith('/')
      const host = isFolder
        ? blobHost({ kind: 'put', url: address, readUrl: '' })
        : blobHost({ kind: 'uploaded', url: address })
      step(isFolder ? 'Putting the data to its address' : 'Reading the data back')
      const url = normaliseUrl(await host.put({ data, name: `${toHex(checksum)}.txt` }, signal))
      step('Reading the data back')
      const back = await abortable(fetchBlob(url), signal)
      await verifyBlob(back, data.size, checksum, 'The data at this address')

      step(`Scoring with ${formatPlural(scored.length, 'model')}`)
      const size = BigInt(data.size)
      const request = {
        dataUrl: url,
        dataChecksum: digestToText(checksum),
        dataSize: size,
        modelManifests: scored.map(({ manifest, key }) => ({
          url: manifest.url,
          checksum: digestToText(manifest.checksum),
          size: manifest.size,
          decryptionKey: digestToText(key),
        })),
        targetEmbedding: target.embedding,
        seed: SCORE_SEED,
      }
      const reply = await bridge.score(service, request, signal)
      throwIfAborted(signal)
      const winner = scored[Number(reply.winner)]
      if (!winner)
        throw new StudioError('corrupt', 'The scoring service named a model that was not asked for.')
      const submission = {
        targetId,
        modelId: winner.id,
        manifest: { url, checksum, size },
        embedding: reply.embedding,
        distance: reply.distance[0] ?? Number.NaN,
        losses: [...reply.lossScore],
      }
      // Said here, where another text can be chosen, rather than in the dialog.
      checkSubmission(target, submission, system.epoch)
      const done = await transact(planSubmitData(submission), ({ built }) => {
        const { kind } = decodeTransaction(built.bytes)
        const signed = kind.$kind === 'SubmitData' ? kind.SubmitData : undefined
        const manifest = signed?.dataManifest.manifest
        const words = (target_: string, model: string) =>
          `${compactAddress(target_)}, scored with ${compactAddress(model)}`
        return [
          {
            label: 'Target and model',
            value: words(signed?.targetId ?? '', signed?.modelId ?? ''),
            detail: `lowest loss of ${scored.length} models, by the scoring service`,
            matches: signed?.targetId === targetId && signed.modelId === winner.id,
          },
          {
            label: 'Data',
            value: digestToText(manifest?.checksum ?? new Uint8Array(32)),
            detail: 'BLAKE2b-256, computed again from the file that was read back',
            matches:
              manifest !== undefined && equalBytes(manifest.checksum, checksum) && manifest.url === url,
          },
        ]
      })
      return done !== null
    },
  }
}
