import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import { digestToText } from '../../chain/ids.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { decodeTransaction } from '../../chain/transaction/build-transaction.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { fromHex } from '../../lib/hex.ts'
import type { ModelDraft } from '../publish-store.ts'
import type { PreviewCheck } from '../signing-store.ts'
import { previewCheck as check } from './preview-check.ts'

const UNCHANGED = 'as the network has it now: nothing is uploaded'

/**
 * Compares what the bytes to be signed say about another embedding with this device and with the registry: the embedding
 * must be the saved one, and file and key the very ones that are registered. No file is read, since none changes.
 */
export function embeddingChecks(
  bytes: Uint8Array,
  draft: ModelDraft,
  state: SystemStateView,
): PreviewCheck[] {
  const { kind } = decodeTransaction(bytes)
  const model = state.models.find(({ id }) => id === draft.modelId)
  const embedding = Float32Array.from(draft.embedding)
  const isActive = model?.state === 'active'
  switch (kind.$kind) {
    case 'CommitModel': {
      const { modelId, manifest, weightsCommitment, embeddingCommitment: embedded } = kind.CommitModel
      const { decryptionKeyCommitment } = kind.CommitModel
      const registered = model?.manifest
      return [
        check('Model', modelId, 'active; it keeps competing with what it has until the reveal', [
          modelId === draft.modelId,
          isActive,
        ]),
        check('Weights file', manifest.url, `${formatCount(manifest.size)} bytes, ${UNCHANGED}`, [
          registered?.url === manifest.url,
          registered?.size === manifest.size,
        ]),
        check('Checksum (BLAKE2b-256)', digestToText(manifest.checksum), UNCHANGED, [
          registered != null && equalBytes(registered.checksum, manifest.checksum),
          model?.weightsCommitment != null && equalBytes(model.weightsCommitment, weightsCommitment),
        ]),
        check('Key commitment', digestToText(decryptionKeyCommitment), 'of the key that is public already', [
          model?.decryptionKey != null &&
            equalBytes(decryptionKeyCommitment, keyCommitment(model.decryptionKey)),
        ]),
        check('Embedding commitment', digestToText(embedded), `${embedding.length} numbers, all finite`, [
          equalBytes(embedded, embeddingCommitment(embedding)),
          embedding.every(Number.isFinite),
        ]),
      ]
    }
    case 'RevealModel': {
      const { modelId, decryptionKey, embedding: revealed } = kind.RevealModel
      const committed = model?.pendingUpdate?.embeddingCommitment
      return [
        check('Model', modelId, 'active, with this update committed', [modelId === draft.modelId, isActive]),
        check('Key', digestToText(keyCommitment(decryptionKey)), 'its hash; the key is public already', [
          equalBytes(decryptionKey, fromHex(draft.key)),
          model?.decryptionKey != null && equalBytes(decryptionKey, model.decryptionKey),
        ]),
        check(
          'Embedding',
          digestToText(embeddingCommitment(revealed.values)),
          'its hash, as committed on the network',
          [committed !== undefined && equalBytes(embeddingCommitment(revealed.values), committed)],
        ),
      ]
    }
    default:
      return []
  }
}
