import type { StakedSomaValue } from '../../chain/bcs/index.ts'
import type { StakingPool } from '../../chain/bcs/validator.ts'
import type { SomaId } from '../../chain/ids.ts'

export const BPS = 10_000n

/** Protocol 4.8 StakingPool and 5.6: balances in shannons, pool tokens issued at the rate of the epoch. */
export function newStakingPool(id: SomaId): StakingPool {
  return {
    id,
    activationEpoch: null,
    deactivationEpoch: null,
    somaBalance: 0n,
    rewardsPool: 0n,
    poolTokenBalance: 0n,
    exchangeRates: new Map(),
    pendingStake: 0n,
    pendingTotalSomaWithdraw: 0n,
    pendingPoolTokenWithdraw: 0n,
  }
}

/** Takes pending withdrawals out, then pending stake in at the rate of before it. */
export function settlePool(pool: StakingPool): void {
  pool.somaBalance -= pool.pendingTotalSomaWithdraw
  pool.poolTokenBalance -= pool.pendingPoolTokenWithdraw
  pool.pendingTotalSomaWithdraw = 0n
  pool.pendingPoolTokenWithdraw = 0n

  const [soma, tokens] = [pool.somaBalance, pool.poolTokenBalance]
  pool.somaBalance += pool.pendingStake
  pool.poolTokenBalance = soma === 0n || tokens === 0n ? pool.somaBalance : (tokens * pool.somaBalance) / soma
  pool.pendingStake = 0n
}

/** Records the pool's rate for `epoch`. */
export function recordRate(pool: StakingPool, epoch: bigint): void {
  pool.exchangeRates.set(epoch, { somaAmount: pool.somaBalance, poolTokenAmount: pool.poolTokenBalance })
}

/** The epoch in which the pool begins to earn. */
export function activatePool(pool: StakingPool, epoch: bigint): void {
  pool.activationEpoch = epoch
  recordRate(pool, epoch)
}

/** Burns a share of the balance; delegators' tokens then stand for less. Deviation: upstream still pays the whole. */
export function slashPool(pool: StakingPool, rateBps: bigint, epoch: bigint): void {
  pool.somaBalance -= (pool.somaBalance * rateBps) / BPS
  pool.deactivationEpoch = epoch
}

/**
 * Takes a stake out and returns the shannons that it is worth: what it put in while it is still pending, else its
 * share of the balance by the pool tokens that it bought. A pool that does not earn pays at once, an active one
 * at the end of the epoch.
 */
export function withdrawFromPool(
  pool: StakingPool,
  { stakeActivationEpoch, principal }: typeof StakedSomaValue.$inferType,
  epoch: bigint,
): bigint {
  const earns = pool.activationEpoch !== null && pool.deactivationEpoch === null
  if (earns && stakeActivationEpoch > epoch && pool.pendingStake >= principal) {
    pool.pendingStake -= principal
    return principal
  }
  if (!earns) settlePool(pool)
  const tokens = tokensBought(pool, stakeActivationEpoch, principal)
  const worth = pool.poolTokenBalance === 0n ? 0n : (tokens * pool.somaBalance) / pool.poolTokenBalance
  const rewards = worth > principal ? worth - principal : 0n
  pool.rewardsPool -= rewards < pool.rewardsPool ? rewards : pool.rewardsPool
  pool.pendingTotalSomaWithdraw += worth
  pool.pendingPoolTokenWithdraw += tokens
  if (!earns) settlePool(pool)
  return worth
}

/** Pool tokens of a stake: at the rate of the epoch in which it began to count, one to one before there was one. */
function tokensBought(pool: StakingPool, epoch: bigint, principal: bigint): bigint {
  let newest: bigint | undefined
  for (const at of pool.exchangeRates.keys()) {
    if (at <= epoch && (newest === undefined || at > newest)) newest = at
  }
  const rate = newest === undefined ? undefined : pool.exchangeRates.get(newest)
  if (rate === undefined || rate.somaAmount === 0n) return principal
  return (principal * rate.poolTokenAmount) / rate.somaAmount
}
