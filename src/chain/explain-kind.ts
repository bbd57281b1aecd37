import { compactAddress } from '../lib/soma-address.ts'
import { formatSoma } from '../lib/soma-amount.ts'
import type { TransactionKind } from './bcs/transaction.ts'
import type { SomaId } from './ids.ts'
import { explainCoinKind } from './preview-coin-kinds.ts'
import { explainCommit, explainReveal, standing } from './preview-model-kinds.ts'
import { explainNetworkKind } from './preview-network-kinds.ts'
import {
  type KindExplanation,
  manifestFacts,
  modelFact,
  type PartialExplanation,
  percent,
  targetFact,
} from './preview-words.ts'
import type { SystemStateView } from './system-state-view.ts'

export type { KindExplanation, PreviewFact } from './preview-words.ts'

/** A transaction kind in words. `createdId` is the id that a CreateModel will give its model. */
export function explainKind(
  kind: TransactionKind,
  state: SystemStateView,
  createdId: SomaId,
  sender: SomaId,
): KindExplanation {
  return { becomesPublic: [], risks: [], facts: [], ...explain(kind, state, createdId, sender) }
}

function explain(
  kind: TransactionKind,
  state: SystemStateView,
  createdId: SomaId,
  sender: SomaId,
): PartialExplanation {
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
          modelFact(createdId),
          { name: 'amount', label: 'Stake', value: `${formatSoma(stakeAmount)} SOMA` },
        ],
      }
    }
    case 'CommitModel':
      return explainCommit(kind.CommitModel, state)
    case 'RevealModel':
      return explainReveal(kind.RevealModel, state, sender)
    case 'SubmitData': {
      const { targetId, dataManifest, modelId, distanceScore, lossScore } = kind.SubmitData
      const bond = dataManifest.manifest.size * parameters.submissionBondPerByte
      return {
        title: 'Submit data to a target',
        changes: [
          `Target ${compactAddress(targetId)} is filled with your data, at distance ${distanceScore.values[0]} and loss ${lossScore.values[0]}.`,
          `A bond of ${formatSoma(bond)} SOMA is held until the reward is claimed.`,
        ],
        becomesPublic: [
          'Now: the address, size and hash of the data, the scores, and its embedding. Whoever can open the address can read the data.',
        ],
        risks: [
          'The first submission that a target accepts wins it; a later one is refused and costs its fee.',
          'Distance and loss are yours to state; validators who find them wrong can report the submission, and then the bond is lost.',
          ...standing(state, modelId),
        ],
        facts: [targetFact(targetId), modelFact(modelId), ...manifestFacts(dataManifest.manifest)],
      }
    }
    case 'ClaimRewards': {
      const { targetId } = kind.ClaimRewards
      const { targetSubmitterRewardShareBps, targetModelRewardShareBps, targetClaimerIncentiveBps } =
        parameters
      return {
        title: 'Claim a reward',
        changes: [
          `Target ${compactAddress(targetId)} is closed. Of its reward ${percent(targetSubmitterRewardShareBps)} goes to the submitter, ${percent(targetModelRewardShareBps)} to the owner of the model that won, ${percent(targetClaimerIncentiveBps)} to you for claiming; the bond goes back.`,
          `If nobody filled it before it expired, you get ${percent(targetClaimerIncentiveBps)} and the rest returns to the pool.`,
        ],
        becomesPublic: ['Now: who claimed, and all payments.'],
        facts: [targetFact(targetId)],
      }
    }
    case 'AddStakeToModel': {
      const { modelId, amount } = kind.AddStakeToModel
      const what = amount === null ? 'A whole coin is' : `${formatSoma(amount)} SOMA are`
      return {
        title: 'Stake on a model',
        changes: [
          `${what} staked on model ${compactAddress(modelId)}, which counts when targets are assigned. A stake object of yours takes their place.`,
        ],
        becomesPublic: ['Now: this account, the model and the amount.'],
        risks: [
          'If the model is slashed, so is this stake. Nothing was found in the network’s code that pays those who stake on a model of another.',
          ...standing(state, modelId),
        ],
        facts: [modelFact(modelId)],
      }
    }
    case 'SetModelCommissionRate': {
      const { modelId, newRate } = kind.SetModelCommissionRate
      return {
        title: "Change a model's commission",
        changes: [`From the next epoch on the commission is ${percent(newRate)}.`],
        becomesPublic: ['Now: the new rate.'],
        risks: standing(state, modelId, sender),
        facts: [modelFact(modelId), { name: 'rate', label: 'Commission', value: percent(newRate) }],
      }
    }
    case 'DeactivateModel':
      return {
        title: 'Deactivate a model',
        changes: ['The model becomes inactive at once and gets no more targets; its stake can be withdrawn.'],
        becomesPublic: ['Now: that it is inactive.'],
        risks: ['This cannot be undone.', ...standing(state, kind.DeactivateModel.modelId, sender)],
        facts: [modelFact(kind.DeactivateModel.modelId)],
      }
    case 'TransferCoin':
    case 'PayCoins':
    case 'TransferObjects':
    case 'AddStake':
    case 'WithdrawStake':
      return explainCoinKind(kind, sender)
    default:
      return explainNetworkKind(kind, state)
  }
}
