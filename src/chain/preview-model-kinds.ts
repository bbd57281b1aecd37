import { equalBytes } from '../lib/equal-bytes.ts'
import { toHex } from '../lib/hex.ts'
import { compactAddress } from '../lib/soma-address.ts'
import type { ManifestValue } from './bcs/manifest.ts'
import type { TransactionKind } from './bcs/transaction.ts'
import { digestToText, type SomaId } from './ids.ts'
import type { ModelView } from './model-view.ts'
import { manifestFacts, modelFact, type PartialExplanation, percent } from './preview-words.ts'
import type { SystemStateView } from './system-state-view.ts'

type Kind<Name extends TransactionKind['$kind']> = Extract<TransactionKind, { $kind: Name }>
type Commit = Kind<'CommitModel'>['CommitModel']
type Reveal = Kind<'RevealModel'>['RevealModel']

/** What a commitment says of weights: where they lie, what they are, which key opens them. */
interface CommittedWeights {
  readonly manifest: ManifestValue
  readonly weightsCommitment: Uint8Array
  readonly keyCommitment: Uint8Array
}

/** A commit: the first of a model, other weights for an active one, or another embedding alone. */
export function explainCommit(
  commit: Commit,
  { models, epoch, parameters }: SystemStateView,
): PartialExplanation {
  const { modelId, manifest, weightsCommitment, embeddingCommitment, decryptionKeyCommitment } = commit
  const model = models.find(({ id }) => id === modelId)
  const isUpdate = model?.state === 'active'
  const reveal = epoch + 1n
  const slashed = percent(parameters.modelRevealSlashRateBps)
  const common = {
    risks: [
      isUpdate
        ? `The reveal is accepted in epoch ${reveal} only; if it is missed the update is dropped and nothing is lost.`
        : `The reveal is accepted in epoch ${reveal} only; if it is missed ${slashed} of the stake is lost and the model is inactive for good.`,
    ],
    facts: [
      modelFact(modelId),
      ...manifestFacts(manifest),
      { name: 'weights' as const, label: 'Weights commitment', value: digestToText(weightsCommitment) },
      { name: 'embedding' as const, label: 'Embedding commitment', value: digestToText(embeddingCommitment) },
      { name: 'key' as const, label: 'Key commitment', value: digestToText(decryptionKeyCommitment) },
    ],
  }
  const overwritten = model?.pendingUpdate
    ? [
        `It takes the place of the update of epoch ${model.pendingUpdate.commitEpoch}, which was not revealed.`,
      ]
    : []
  if (isUpdate && hasTheseWeights(model, { ...commit, keyCommitment: decryptionKeyCommitment })) {
    return {
      title: 'Commit another embedding of a model',
      changes: [
        'Another embedding waits for its reveal; weights, address and key stay as they are, and the model keeps serving with the old embedding until then.',
        ...overwritten,
      ],
      becomesPublic: ['Now: the hash of the embedding.', 'After the reveal: the embedding.'],
      ...common,
    }
  }
  return {
    title: isUpdate ? 'Commit an update of a model' : 'Commit a model',
    changes: [
      isUpdate
        ? 'New weights wait for their reveal; the model keeps serving with the old ones until then.'
        : `The model becomes pending; nobody can read its weights until you reveal in epoch ${reveal}.`,
      ...overwritten,
    ],
    becomesPublic: [
      'Now: the address of the encrypted file, its size and the hashes.',
      'After the reveal: the weights, the key and the embedding.',
    ],
    ...common,
  }
}

/** A reveal: the first of a model, of an update, or of another embedding alone. */
export function explainReveal(reveal: Reveal, state: SystemStateView, sender: SomaId): PartialExplanation {
  const { modelId, decryptionKey, embedding } = reveal
  const model = state.models.find(({ id }) => id === modelId)
  const common = {
    risks: standing(state, modelId, sender),
    facts: [
      modelFact(modelId),
      { name: 'key' as const, label: 'Decryption key', value: toHex(decryptionKey) },
      { name: 'embedding' as const, label: 'Embedding', value: `${embedding.values.length} numbers` },
    ],
  }
  const update = model?.state === 'active' ? model.pendingUpdate : null
  if (model && update && hasTheseWeights(model, update)) {
    return {
      title: 'Reveal another embedding of a model',
      changes: [
        'The model takes this embedding, with the weights that it has, and competes with it for targets made from now on.',
      ],
      becomesPublic: ['Now and for good: the embedding. The key is public already.'],
      ...common,
    }
  }
  return {
    title: update ? 'Reveal an update of a model' : 'Reveal a model',
    changes: [
      update
        ? 'The model takes these weights and this embedding, and competes with them for targets made from now on.'
        : 'The model becomes active with these weights and competes for targets made from now on.',
    ],
    becomesPublic: ['Now and for good: the key, with it the weights, and the embedding.'],
    ...common,
  }
}

/** Whether a commitment names the weights that the model has, to the letter: only the embedding may differ. */
function hasTheseWeights(model: ModelView, committed: CommittedWeights): boolean {
  const { manifest, weightsCommitment, keyCommitment } = model
  return (
    manifest !== null &&
    weightsCommitment !== null &&
    keyCommitment !== null &&
    manifest.url === committed.manifest.url &&
    manifest.size === committed.manifest.size &&
    equalBytes(manifest.checksum, committed.manifest.checksum) &&
    equalBytes(weightsCommitment, committed.weightsCommitment) &&
    equalBytes(keyCommitment, committed.keyCommitment)
  )
}

/** What the registry says against an act on a model; a node would refuse it as well. */
export function standing(state: SystemStateView, id: SomaId, owner?: SomaId): string[] {
  const model = state.models.find((candidate) => candidate.id === id)
  if (model === undefined) return ['The registry of this network has no such model.']
  return owner !== undefined && model.owner !== owner
    ? [`The model belongs to ${compactAddress(model.owner)}.`]
    : []
}
