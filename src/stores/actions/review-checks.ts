import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import { digestToText } from '../../chain/ids.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { decodeTransaction } from '../../chain/transaction/build-transaction.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { fromHex, toHex } from '../../lib/hex.ts'
import type { ModelDraft } from '../publish-store.ts'
import type { PreviewCheck } from '../signing-store.ts'

/**
 * Compares what the bytes to be signed say with what this device holds. Each value is derived again here: the
 * file's digest is given by the caller, who has just read the file.
 */
export function reviewChecks(
  bytes: Uint8Array,
  draft: ModelDraft,
  file: { readonly size: number; readonly digest: Uint8Array; readonly isHosted: boolean },
  state: SystemStateView,
): PreviewCheck[] {
  const { kind } = decodeTransaction(bytes)
  const embedding = Float32Array.from(draft.embedding)
  const key = fromHex(draft.key)
  switch (kind.$kind) {
    case 'CreateModel':
      // Nothing about the file is signed yet, but a stake is: what is to be committed must be there.
      return [
        check('Weights file', draft.weightsUrl, `${formatCount(file.size)} bytes, read back from the host`, [
          file.size === draft.weightsSize,
          toHex(file.digest) === draft.weightsChecksum,
        ]),
      ]
    case 'CommitModel': {
      const {
        manifest,
        weightsCommitment,
        embeddingCommitment: embedded,
        decryptionKeyCommitment,
      } = kind.CommitModel
      return [
        check('Model', kind.CommitModel.modelId, 'created for this package', [
          kind.CommitModel.modelId === draft.modelId,
        ]),
        check('Weights file', manifest.url, `${formatCount(file.size)} bytes, read back from the host`, [
          manifest.url === draft.weightsUrl,
          Number(manifest.size) === file.size,
        ]),
        check(
          'Checksum (BLAKE2b-256)',
          digestToText(manifest.checksum),
          'computed again from the hosted file',
          [equalBytes(manifest.checksum, file.digest), equalBytes(weightsCommitment, file.digest)],
        ),
        check('Embedding commitment', digestToText(embedded), `${embedding.length} numbers, all finite`, [
          equalBytes(embedded, embeddingCommitment(embedding)),
          embedding.every(Number.isFinite),
        ]),
        check(
          'Key commitment',
          digestToText(decryptionKeyCommitment),
          'a fresh key, used for no other file',
          [equalBytes(decryptionKeyCommitment, keyCommitment(key))],
        ),
      ]
    }
    case 'RevealModel': {
      const model = state.models.find(({ id }) => id === draft.modelId)
      const committed = model?.pendingUpdate ?? model
      const { decryptionKey, embedding: revealed } = kind.RevealModel
      return [
        check('Model', kind.RevealModel.modelId, 'committed with this package', [
          kind.RevealModel.modelId === draft.modelId,
        ]),
        check('Key', digestToText(keyCommitment(decryptionKey)), 'its hash, as committed on the network', [
          equalBytes(decryptionKey, key),
          committed?.keyCommitment != null &&
            equalBytes(keyCommitment(decryptionKey), committed.keyCommitment),
        ]),
        check(
          'Embedding',
          digestToText(embeddingCommitment(revealed.values)),
          'its hash, as committed on the network',
          [
            committed?.embeddingCommitment != null &&
              equalBytes(embeddingCommitment(revealed.values), committed.embeddingCommitment),
          ],
        ),
        check(
          'Weights file',
          draft.weightsUrl,
          file.isHosted
            ? `${formatCount(file.size)} bytes, still hosted and unchanged`
            : `${formatCount(file.size)} bytes, read on this device, because its host cannot be read. Reveal in time all the same, then put the file back: without it the model wins nothing`,
          [committed?.manifest != null && equalBytes(committed.manifest.checksum, file.digest)],
        ),
      ]
    }
    default:
      return []
  }
}

function check(label: string, value: string, detail: string, conditions: readonly boolean[]): PreviewCheck {
  return { label, value, detail, matches: conditions.every(Boolean) }
}
