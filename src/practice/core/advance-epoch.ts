import type { SystemState } from '../../chain/bcs/index.ts'
import { advanceModels } from './advance-models.ts'
import { advanceTargetState } from './difficulty.ts'
import { BPS, recordRate, settlePool } from './staking-pool.ts'

/** Stake that a validator's commission is turned into. */
export interface ValidatorReward {
  readonly owner: string
  readonly poolId: string
  readonly principal: bigint
}

/** value_fee_bps of the next epoch: towards the aim by at most the adjustment rate, floored. Protocol 4.5. */
export function nextValueFeeBps(
  bps: bigint,
  fees: bigint,
  rules: { readonly aim: bigint; readonly rateBps: bigint; readonly min: bigint; readonly max: bigint },
): bigint {
  if (rules.aim === 0n) return bps
  const ratio = (fees * BPS) / rules.aim
  const off = ratio > BPS ? ratio - BPS : BPS - ratio
  const limit = off < rules.rateBps ? off : rules.rateBps
  const change = (bps * limit) / BPS
  const moved = ratio > BPS ? bps + change : bps - change
  if (moved > rules.max) return rules.max
  return moved < rules.min ? rules.min : moved
}

/**
 * Takes the state into the next epoch: fees, emission, validators, models, difficulty. Targets come after it.
 * Emission is due only if the epoch lasted its whole duration; what validators do not get returns to the pool.
 */
export function advanceEpoch(state: SystemState, fees: bigint, nowMs: bigint): ValidatorReward[] {
  const { parameters, emissionPool } = state
  let rewards = fees
  if (nowMs >= state.epochStartTimestampMs + parameters.epochDurationMs) {
    const emission =
      emissionPool.balance < emissionPool.emissionPerEpoch
        ? emissionPool.balance
        : emissionPool.emissionPerEpoch
    emissionPool.balance -= emission
    rewards += emission
  }
  parameters.valueFeeBps = nextValueFeeBps(parameters.valueFeeBps, fees, {
    aim: parameters.targetEpochFeeCollection,
    rateBps: parameters.feeAdjustmentRateBps,
    min: parameters.minValueFeeBps,
    max: parameters.maxValueFeeBps,
  })
  state.epoch += 1n
  state.epochStartTimestampMs = nowMs

  const share = (rewards * parameters.validatorRewardAllocationBps) / BPS
  const paid = payValidators(state, share)
  emissionPool.balance += rewards - paid.total
  advanceModels(state, state.epoch)
  advanceTargetState(state)
  return paid.rewards
}

/** Splits `share` by stake; the commission becomes the validator's own stake, the rest its delegators'. */
function payValidators(state: SystemState, share: bigint): { total: bigint; rewards: ValidatorReward[] } {
  const rewards: ValidatorReward[] = []
  const staked = state.validators.totalStake
  let total = 0n
  for (const validator of state.validators.validators) {
    const pool = validator.stakingPool
    const reward = staked === 0n ? 0n : (share * pool.somaBalance) / staked
    const commission = (reward * validator.commissionRate) / BPS
    pool.somaBalance += reward - commission
    pool.rewardsPool += reward - commission
    pool.pendingStake += commission
    if (commission > 0n) {
      rewards.push({ owner: validator.metadata.somaAddress, poolId: pool.id, principal: commission })
    }
    total += reward
  }
  for (const validator of state.validators.validators) {
    settlePool(validator.stakingPool)
    recordRate(validator.stakingPool, state.epoch)
    validator.commissionRate = validator.nextEpochCommissionRate
    validator.nextEpochStake = validator.stakingPool.somaBalance
  }
  state.validators.totalStake = state.validators.validators.reduce(
    (sum, validator) => sum + validator.stakingPool.somaBalance,
    0n,
  )
  return { total, rewards }
}
