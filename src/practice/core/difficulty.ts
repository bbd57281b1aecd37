import { type SystemState, scalarOf, scalarTensor } from '../../chain/bcs/index.ts'
import { BPS } from './staking-pool.ts'

const SIGMA = Math.fround(0.022)
/** Smallest move of z at protocol version 5. */
const MIN_STEP = 2

/** Moving average of hits, in whole hits: the first value is taken as it is. Protocol 8.5. */
export function nextHitsEma(ema: bigint, hits: bigint, decayBps: bigint): bigint {
  return ema === 0n ? hits : (decayBps * ema + (BPS - decayBps) * hits) / BPS
}

/** Distance threshold of the next epoch, in f32: harder above the aim, easier below it. Protocol 8.5. */
export function nextThreshold(
  threshold: number,
  options: {
    readonly ema: bigint
    readonly aim: bigint
    readonly rateBps: bigint
    readonly min: number
    readonly max: number
  },
): number {
  if (options.ema === 0n || options.ema === options.aim) return threshold
  const f = Math.fround
  const z = f(f(1 - threshold) / SIGMA)
  const step = Math.max(f(Math.abs(z) * f(Number(options.rateBps) / Number(BPS))), MIN_STEP)
  const moved = f(options.ema > options.aim ? z + step : z - step)
  return Math.min(Math.max(f(1 - f(SIGMA * moved)), options.min), options.max)
}

/** Shannons for each target: the targets' share of an epoch's emission over the hits aimed at. */
export function rewardPerTarget(
  emissionPerEpoch: bigint,
  allocationBps: bigint,
  hitsPerEpoch: bigint,
): bigint {
  return hitsPerEpoch === 0n ? 0n : (emissionPerEpoch * allocationBps) / BPS / hitsPerEpoch
}

/** Difficulty and reward at an epoch boundary; the counters of the epoch start from zero. */
export function advanceTargetState(state: SystemState): void {
  const { targetState, parameters } = state
  targetState.hitsEma = nextHitsEma(
    targetState.hitsEma,
    targetState.hitsThisEpoch,
    parameters.targetHitsEmaDecayBps,
  )
  targetState.distanceThreshold = scalarTensor(
    nextThreshold(scalarOf(targetState.distanceThreshold), {
      ema: targetState.hitsEma,
      aim: parameters.targetHitsPerEpoch,
      rateBps: parameters.targetDifficultyAdjustmentRateBps,
      min: scalarOf(parameters.targetMinDistanceThreshold),
      max: scalarOf(parameters.targetMaxDistanceThreshold),
    }),
  )
  targetState.rewardPerTarget = rewardPerTarget(
    state.emissionPool.emissionPerEpoch,
    parameters.targetRewardAllocationBps,
    parameters.targetHitsPerEpoch,
  )
  targetState.hitsThisEpoch = 0n
  targetState.targetsGeneratedThisEpoch = 0n
}
