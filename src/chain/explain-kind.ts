import { toHex } from '../lib/hex.ts'
import { compactAddress } from '../lib/soma-address.ts'
import { formatSoma } from '../lib/soma-amount.ts'
import type { ManifestValue } from './bcs/manifest.ts'
import type { TransactionKind } from './bcs/transaction.ts'
import { digestToText, type SomaId } from './ids.ts'
import type { SystemStateView } from './system-state-view.ts'

/** A value of the transaction that can be compared with what is on this device. */
export interface PreviewFact {
  readonly name:
    | 'model'
    | 'url'
    | 'size'
    | 'checksum'
    | 'weights'
    | 'embedding'
    | 'key'
    | 'amount'
    | 'recipient'
  readonly label: string
  readonly value: string
}

export interface KindExplanation {
  readonly title: string
  /** What changes on the network. */
  readonly changes: readonly string[]
  /** What anyone can read, and from when on. */
  readonly becomesPublic: readonly string[]
  /** What can be lost. */
  readonly risks: readonly string[]
  readonly facts: readonly PreviewFact[]
}

type Explain = Partial<KindExplanation> & Pick<KindExplanation, 'title'>

/** A transaction kind in words. `createdId` is the id that a CreateModel will give its model. */
export function explainKind(
  kind: TransactionKind,
  state: SystemStateView,
  createdId: SomaId,
): KindExplanation {
  const explained = explain(kind, state, createdId)
  return { changes: [], becomesPublic: [], risks: [], facts: [], ...explained }
}

function explain(kind: TransactionKind, state: SystemStateView, createdId: SomaId): Explain {
  const { epoch, parameters } = state
  switch (kind.$kind) {
    case 'CreateModel': {
      const { stakeAmount, commissionRate } = kind.CreateModel
      return {
        title: 'Create a model',
        changes: [
          `A new model, ${compactAddress(createdId)}, owned by you, with a stake of ${formatSoma(stakeAmount)} SOMA out of your coins.`,
          `Its commission is ${percent(commissionRate)}.`,
        ],
        becomesPublic: [
          'Now: that this account owns the model, its stake and its commission. Nothing of its weights.',
        ],
        risks: [
          `It must be committed in epoch ${epoch} or ${epoch + 1n}; after that ${percent(parameters.modelRevealSlashRateBps)} of the stake is lost.`,
        ],
        facts: [
          model(createdId),
          { name: 'amount', label: 'Stake', value: `${formatSoma(stakeAmount)} SOMA` },
        ],
      }
    }
    case 'CommitModel': {
      const { modelId, manifest, weightsCommitment, embeddingCommitment, decryptionKeyCommitment } =
        kind.CommitModel
      const isUpdate = state.models.find(({ id }) => id === modelId)?.state === 'active'
      const reveal = epoch + 1n
      return {
        title: isUpdate ? 'Commit an update of a model' : 'Commit a model',
        changes: [
          isUpdate
            ? `New weights wait for their reveal; the model keeps serving with the old ones until then.`
            : `The model becomes pending; nobody can read its weights until you reveal in epoch ${reveal}.`,
        ],
        becomesPublic: [
          'Now: the address of the encrypted file, its size and the hashes.',
          'After the reveal: the weights, the key and the embedding.',
        ],
        risks: [
          isUpdate
            ? `The reveal is accepted in epoch ${reveal} only; if it is missed the update is dropped and nothing is lost.`
            : `The reveal is accepted in epoch ${reveal} only; if it is missed ${percent(parameters.modelRevealSlashRateBps)} of the stake is lost and the model is inactive for good.`,
        ],
        facts: [
          model(modelId),
          ...manifestFacts(manifest),
          { name: 'weights', label: 'Weights commitment', value: digestToText(weightsCommitment) },
          { name: 'embedding', label: 'Embedding commitment', value: digestToText(embeddingCommitment) },
          { name: 'key', label: 'Key commitment', value: digestToText(decryptionKeyCommitment) },
        ],
      }
    }
    case 'RevealModel': {
      const { modelId, decryptionKey, embedding } = kind.RevealModel
      return {
        title: 'Reveal a model',
        changes: ['The model becomes active with these weights and competes for targets made from now on.'],
        becomesPublic: ['Now and for good: the key, with it the weights, and the embedding.'],
        facts: [
          model(modelId),
          { name: 'key', label: 'Decryption key', value: toHex(decryptionKey) },
          { name: 'embedding', label: 'Embedding', value: `${embedding.values.length} numbers` },
        ],
      }
    }
    case 'SubmitData': {
      const { targetId, dataManifest, modelId, distanceScore, lossScore } = kind.SubmitData
      const bond = dataManifest.manifest.size * parameters.submissionBondPerByte
      return {
        title: 'Submit data to a target',
        changes: [
          `Target ${compactAddress(targetId)} is filled with your data, at distance ${distanceScore.values[0]} and loss ${lossScore.values[0]}.`,
          `A bond of ${formatSoma(bond)} SOMA is held until the reward is claimed.`,
        ],
        becomesPublic: ['Now: the address, size and hash of the data, and the scores.'],
        facts: [model(modelId), ...manifestFacts(dataManifest.manifest)],
      }
    }
    case 'ClaimRewards':
      return {
        title: 'Claim a reward',
        changes: [`The reward of target ${compactAddress(kind.ClaimRewards.targetId)} is paid out.`],
      }
    case 'TransferCoin': {
      const { amount, recipient } = kind.TransferCoin
      const what = amount === null ? 'A whole coin goes' : `${formatSoma(amount)} SOMA go`
      return {
        title: 'Send SOMA',
        changes: [`${what} to ${compactAddress(recipient)}.`],
        facts: [{ name: 'recipient', label: 'To', value: recipient }],
      }
    }
    case 'AddStakeToModel': {
      const { modelId, amount } = kind.AddStakeToModel
      const what = amount === null ? 'A whole coin is' : `${formatSoma(amount)} SOMA are`
      return {
        title: 'Stake on a model',
        changes: [`${what} staked on model ${compactAddress(modelId)}.`],
        facts: [model(modelId)],
      }
    }
    case 'SetModelCommissionRate': {
      const { modelId, newRate } = kind.SetModelCommissionRate
      return {
        title: "Change a model's commission",
        changes: [`From the next epoch on the commission is ${percent(newRate)}.`],
        facts: [model(modelId)],
      }
    }
    case 'DeactivateModel':
      return {
        title: 'Deactivate a model',
        changes: ['The model becomes inactive at once.'],
        risks: ['This cannot be undone.'],
        facts: [model(kind.DeactivateModel.modelId)],
      }
    default:
      return {
        title: kind.$kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
        changes: ['The studio has no explanation for this kind of transaction.'],
        risks: ['Sign it only if you know what it does.'],
      }
  }
}

function model(id: SomaId): PreviewFact {
  return { name: 'model', label: 'Model', value: id }
}

function manifestFacts({ url, checksum, size }: ManifestValue): PreviewFact[] {
  return [
    { name: 'url', label: 'File', value: url },
    { name: 'size', label: 'Size in bytes', value: size.toString() },
    { name: 'checksum', label: 'Checksum (BLAKE2b-256)', value: digestToText(checksum) },
  ]
}

/** Basis points as a percentage, exact. */
function percent(bps: bigint): string {
  const decimals = (bps % 100n).toString().padStart(2, '0').replace(/0+$/, '')
  return `${bps / 100n}${decimals === '' ? '' : `.${decimals}`} %`
}
