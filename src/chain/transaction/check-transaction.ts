import { equalBytes } from '../../lib/equal-bytes.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ExecutionFailureKind } from '../bcs/failure-status.ts'
import type { TransactionData } from '../bcs/transaction.ts'
import { checkEmbedding, checkModelActionAllowed } from '../check-model-action.ts'
import { embeddingCommitment, keyCommitment } from '../commitments.ts'
import { failureSentence } from '../failure-sentences.ts'
import type { SomaId } from '../ids.ts'
import type { ModelView } from '../model-view.ts'
import type { SystemStateView } from '../system-state-view.ts'
import { normaliseUrl } from './normalise-url.ts'

/**
 * The network's own checks of model transactions, and those that only a client can make, before anything is signed:
 * a node of another origin cannot tell a page why it refuses. Throws 'refused' in the words of the failure.
 */
export function checkTransaction({ kind, sender }: TransactionData, state: SystemStateView): void {
  switch (kind.$kind) {
    case 'CreateModel': {
      checkModelActionAllowed(state)
      const { stakeAmount, commissionRate, architectureVersion } = kind.CreateModel
      const { modelMinStake, modelArchitectureVersion } = state.parameters
      if (architectureVersion !== modelArchitectureVersion) throw failure('ModelArchitectureVersionMismatch')
      if (stakeAmount < modelMinStake) {
        throw failure('ModelMinStakeNotMet', `The minimum is ${formatSoma(modelMinStake)} SOMA.`)
      }
      if (commissionRate > 10_000n) throw failure('ModelCommissionRateTooHigh')
      return
    }
    case 'CommitModel': {
      checkModelActionAllowed(state)
      const { modelId, manifest } = kind.CommitModel
      const model = ownModel(state, modelId, sender)
      if (model.state === 'pending' || model.state === 'inactive') throw failure('ModelInvalidState')
      normaliseUrl(manifest.url)
      if (manifest.size === 0n) throw failure('InvalidArguments', 'The weights file is empty.')
      return
    }
    case 'RevealModel': {
      checkModelActionAllowed(state)
      const { modelId, decryptionKey, embedding } = kind.RevealModel
      checkEmbedding(embedding.values, state)
      const model = ownModel(state, modelId, sender)
      const committed = committedOf(model)
      if (committed.commitEpoch + 1n !== state.epoch) {
        const window = `Committed in epoch ${committed.commitEpoch}, now it is ${state.epoch}.`
        throw failure('ModelRevealEpochMismatch', window)
      }
      if (!equalBytes(keyCommitment(decryptionKey), committed.keyCommitment)) {
        throw failure('ModelDecryptionKeyCommitmentMismatch')
      }
      if (!equalBytes(embeddingCommitment(embedding.values), committed.embeddingCommitment)) {
        throw failure('ModelEmbeddingCommitmentMismatch')
      }
      return
    }
    case 'SubmitData': {
      checkModelActionAllowed(state)
      const { embedding, distanceScore, lossScore, dataManifest } = kind.SubmitData
      checkEmbedding(embedding.values, state)
      for (const score of [...distanceScore.values, ...lossScore.values]) {
        if (!Number.isFinite(score)) throw failure('InvalidArguments', 'A score is not finite.')
      }
      normaliseUrl(dataManifest.manifest.url)
      if (dataManifest.manifest.size > state.parameters.maxSubmissionDataSize)
        throw failure('DataExceedsMaxSize')
      const model = state.models.find(({ id }) => id === kind.SubmitData.modelId)
      if (model?.state !== 'active') throw failure('ModelNotActive')
      return
    }
    case 'AddStakeToModel': {
      checkModelActionAllowed(state)
      const { modelId, amount } = kind.AddStakeToModel
      const model = state.models.find(({ id }) => id === modelId)
      if (model === undefined) throw failure('ModelNotFound')
      if (model.state === 'inactive') throw failure('ModelAlreadyInactive')
      if (amount === 0n) throw failure('InvalidArguments', 'The stake is zero.')
      return
    }
    case 'SetModelCommissionRate': {
      checkModelActionAllowed(state)
      const { modelId, newRate } = kind.SetModelCommissionRate
      if (ownModel(state, modelId, sender).state !== 'active') throw failure('ModelNotActive')
      if (newRate > 10_000n) throw failure('ModelCommissionRateTooHigh')
      return
    }
    case 'DeactivateModel': {
      checkModelActionAllowed(state)
      if (ownModel(state, kind.DeactivateModel.modelId, sender).state !== 'active')
        throw failure('ModelNotActive')
      return
    }
    case 'ClaimRewards':
      checkModelActionAllowed(state)
      return
    case 'PayCoins': {
      const { amounts, recipients } = kind.PayCoins
      if (amounts === null || amounts.length !== recipients.length || amounts.length === 0) {
        throw failure('InvalidArguments', 'Every recipient needs one amount.')
      }
      return
    }
    default:
  }
}

function ownModel(state: SystemStateView, id: SomaId, sender: SomaId): ModelView {
  const model = state.models.find((candidate) => candidate.id === id)
  if (model === undefined) throw failure('ModelNotFound')
  if (model.owner !== sender) throw failure('NotModelOwner')
  return model
}

function committedOf(model: ModelView) {
  if (model.state === 'active') {
    if (model.pendingUpdate === null) throw failure('ModelNoPendingUpdate')
    return model.pendingUpdate
  }
  const { commitEpoch, embeddingCommitment, keyCommitment } = model
  if (model.state !== 'pending' || commitEpoch === null || !embeddingCommitment || !keyCommitment) {
    throw failure('ModelInvalidState')
  }
  return { commitEpoch, embeddingCommitment, keyCommitment }
}

/** A failure of the network, foreseen. */
export function failure(kind: ExecutionFailureKind, detail = ''): StudioError {
  const { message, hint } = failureSentence(kind)
  return new StudioError('refused', [message, detail].filter(Boolean).join(' '), {
    hint: `Nothing was sent. ${hint}`,
  })
}
