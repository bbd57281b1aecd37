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
