import type { SystemState, TargetV1 } from '../../../chain/bcs/index.ts'
import type { SomaId } from '../../../chain/ids.ts'
import { ExecutionFailure, refuse } from '../execution-failure.ts'
import { coinContents } from '../object-store.ts'
import { BPS } from '../staking-pool.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import { hasQuorum } from '../voting.ts'
import type { ArgumentsOf } from './arguments-of.ts'

type Payment = readonly [to: SomaId, amount: bigint]

/** Reward pool of the target, which the fee is taken on; 0 where there is none. */
export function claimedReward(scope: TransactionScope, targetId: SomaId): bigint {
  return scope.read(targetId)?.objectType === 'Target' ? scope.target(targetId).rewardPool : 0n
}

/** Protocol 8.4: pays out a target after its audit window, or an expired one, and deletes it. Anyone may claim. */
export function claimRewards(scope: TransactionScope, kind: ArgumentsOf<'ClaimRewards'>): void {
  const target = scope.target(kind.targetId)
  for (const [to, amount] of payments(scope, target)) {
    if (amount > 0n) scope.create(scope.nextId(), 'Coin', { AddressOwner: to }, coinContents(amount))
  }
  scope.delete(kind.targetId)
}

function payments(scope: TransactionScope, target: TargetV1): readonly Payment[] {
  const { state, sender } = scope
  const { status, rewardPool } = target
  const incentive: Payment = [sender, share(rewardPool, state.parameters.targetClaimerIncentiveBps)]
  if (status.$kind === 'Claimed') refuse('TargetAlreadyClaimed')
  if (status.$kind === 'Open') {
    if (state.epoch <= target.generationEpoch) refuse('TargetNotFilled')
    state.emissionPool.balance += rewardPool - incentive[1]
    return [incentive]
  }
  const { fillEpoch } = status.Filled
  if (state.epoch <= fillEpoch + 1n) {
    throw new ExecutionFailure({ AuditWindowOpen: { fillEpoch, currentEpoch: state.epoch } })
  }
  const reporters = target.submissionReports
  if (hasQuorum(state, reporters)) {
    state.emissionPool.balance += rewardPool - incentive[1]
    return [incentive, ...splitBond(target.bondAmount, reporters)]
  }
  return split(state.parameters, target, incentive)
}

/** Submitter, model owner, claimer; the bond returns. What rounding leaves is the submitter's. */
function split(
  parameters: SystemState['parameters'],
  { rewardPool, submitter, winningModelOwner, bondAmount }: TargetV1,
  incentive: Payment,
): readonly Payment[] {
  const modelShare = share(rewardPool, parameters.targetModelRewardShareBps)
  return [
    [submitter!, rewardPool - modelShare - incentive[1]],
    [winningModelOwner!, modelShare],
    incentive,
    [submitter!, bondAmount],
  ]
}

function splitBond(bond: bigint, reporters: readonly SomaId[]): readonly Payment[] {
  const each = bond / BigInt(reporters.length)
  const rest = bond - each * BigInt(reporters.length)
  return reporters.map((reporter, index) => [reporter, index === 0 ? each + rest : each])
}

function share(amount: bigint, bps: bigint): bigint {
  return (amount * bps) / BPS
}
