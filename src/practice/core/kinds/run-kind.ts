import type { SystemState, TransactionKind } from '../../../chain/bcs/index.ts'
import type { SomaId } from '../../../chain/ids.ts'
import { refuse } from '../execution-failure.ts'
import { commitModel, deactivateModel, revealModel, setModelCommissionRate } from '../model-lifecycle.ts'
import { BPS } from '../staking-pool.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import { requireValidator } from '../voting.ts'
import { addStake, addStakeToModel } from './add-stake.ts'
import type { KindFees } from './arguments-of.ts'
import { claimedReward, claimRewards } from './claim-rewards.ts'
import { createModel } from './create-model.ts'
import { payCoins, payFee } from './pay-coins.ts'
import {
  reportModel,
  reportSubmission,
  reportValidator,
  undoReportModel,
  undoReportSubmission,
  undoReportValidator,
} from './report.ts'
import { submitData } from './submit-data.ts'
import { transferCoin, transferFee } from './transfer-coin.ts'
import { transferObjects } from './transfer-objects.ts'
import { stakedPrincipal, withdrawStake } from './withdraw-stake.ts'

/** Applies one kind to the scope; a rule that refuses it throws ExecutionFailure. */
export function runKind(scope: TransactionScope, kind: TransactionKind, fees: KindFees): void {
  switch (kind.$kind) {
    case 'TransferCoin':
      transferCoin(scope, kind.TransferCoin, fees)
      break
    case 'PayCoins':
      payCoins(scope, kind.PayCoins, fees)
      break
    case 'TransferObjects':
      transferObjects(scope, kind.TransferObjects)
      break
    case 'AddStake':
      addStake(scope, kind.AddStake, fees)
      break
    case 'WithdrawStake':
      withdrawStake(scope, kind.WithdrawStake)
      break
    case 'CreateModel':
      createModel(scope, kind.CreateModel, fees)
      break
    case 'CommitModel':
      commitModel(scope.state, scope.sender, kind.CommitModel)
      break
    case 'RevealModel':
      revealModel(scope.state, scope.sender, kind.RevealModel)
      break
    case 'AddStakeToModel':
      addStakeToModel(scope, kind.AddStakeToModel, fees)
      break
    case 'SetModelCommissionRate':
      setModelCommissionRate(scope.state, scope.sender, kind.SetModelCommissionRate)
      break
    case 'DeactivateModel':
      deactivateModel(scope.state, scope.sender, kind.DeactivateModel)
      break
    case 'SubmitData':
      submitData(scope, kind.SubmitData)
      break
    case 'ClaimRewards':
      claimRewards(scope, kind.ClaimRewards)
      break
    case 'ReportModel':
      reportModel(scope, kind.ReportModel.modelId)
      break
    case 'UndoReportModel':
      undoReportModel(scope, kind.UndoReportModel.modelId)
      break
    case 'ReportSubmission':
      reportSubmission(scope, kind.ReportSubmission.targetId)
      break
    case 'UndoReportSubmission':
      undoReportSubmission(scope, kind.UndoReportSubmission.targetId)
      break
    case 'ReportValidator':
      reportValidator(scope, kind.ReportValidator.reportee)
      break
    case 'UndoReportValidator':
      undoReportValidator(scope, kind.UndoReportValidator.reportee)
      break
    case 'SetCommissionRate':
      setCommissionRate(scope.state, scope.sender, kind.SetCommissionRate.newRate)
      break
    default:
      // Inputs of any other kind were refused before.
      refuse('InvalidTransactionType')
  }
}

/** Shannons on the amount that a kind moves: the full rate for payments, half of it, floored, for stakes and claims. */
export function valueFee(
  scope: TransactionScope,
  kind: TransactionKind,
  { valueFeeBps }: SystemState['parameters'],
): bigint {
  const half = (amount: bigint) => (amount * (valueFeeBps / 2n)) / BPS
  switch (kind.$kind) {
    case 'TransferCoin':
      return transferFee(scope, kind.TransferCoin, valueFeeBps)
    case 'PayCoins':
      return payFee(scope, kind.PayCoins, valueFeeBps)
    case 'CreateModel':
      return half(kind.CreateModel.stakeAmount)
    case 'AddStakeToModel':
      return half(kind.AddStakeToModel.amount ?? scope.balance(kind.AddStakeToModel.coinRef.objectId))
    case 'AddStake':
      return half(kind.AddStake.amount ?? scope.balance(kind.AddStake.coinRef.objectId))
    case 'WithdrawStake':
      return half(stakedPrincipal(scope, kind.WithdrawStake.stakedSoma.objectId))
    case 'ClaimRewards':
      return half(claimedReward(scope, kind.ClaimRewards.targetId))
    default:
      return 0n
  }
}

/** A validator's own rate, from the next epoch on. */
function setCommissionRate(state: SystemState, sender: SomaId, newRate: bigint): void {
  const validator = requireValidator(state, sender)
  if (newRate > BPS) refuse('ModelCommissionRateTooHigh')
  validator.nextEpochCommissionRate = newRate
}
