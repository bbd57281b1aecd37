import type { SystemStateView } from '../../chain/system-state-view.ts'
import type { TargetView } from '../../chain/target-view.ts'

/** Why an account is paid for a target. */
export type ClaimRole = 'submitter' | 'model' | 'claimer' | 'expired'

export interface Claim {
  readonly target: TargetView
  readonly roles: readonly ClaimRole[]
  /** Shannons that the account gets if it claims, a returned bond included; before the fee. */
  readonly pays: bigint
  /** The first epoch in which it can be claimed. */
  readonly from: bigint
}

/**
 * What `address` would get for claiming each target, its own first, then by amount; only its own among those whose
 * audit window is still open. Shares by protocol 8.6: of the reward pool in basis points, rounded down, the rest to
 * the submitter; an expired target pays its claimer alone.
 */
export function claimsOf(
  targets: readonly TargetView[],
  system: SystemStateView,
  address: string | null,
): Claim[] {
  const { epoch, models, parameters } = system
  const owners = new Map(models.map(({ id, owner }) => [id, owner]))
  const claims = targets.flatMap((target): Claim[] => {
    const share = (bps: bigint) => (target.rewardPool * bps) / 10_000n
    const forClaimer = share(parameters.targetClaimerIncentiveBps)
    if (target.status === 'claimed') return []
    if (target.fillEpoch === null || target.winningModelId === null) {
      const isExpired = target.generationEpoch < epoch
      return isExpired ? [{ target, roles: ['expired'], pays: forClaimer, from: epoch }] : []
    }
    const forModel = share(parameters.targetModelRewardShareBps)
    const roles: ClaimRole[] = ['claimer']
    let pays = forClaimer
    if (address !== null && target.submitter === address) {
      roles.unshift('submitter')
      pays += target.rewardPool - forModel - forClaimer + target.bondAmount
    }
    if (address !== null && owners.get(target.winningModelId) === address) {
      roles.unshift('model')
      pays += forModel
    }
    const from = target.fillEpoch + 2n
    return from <= epoch || roles.length > 1 ? [{ target, roles, pays, from }] : []
  })
  const order = ({ from, roles }: Claim) => (roles.length === 1 ? 2 : from > epoch ? 1 : 0)
  return claims.sort((a, b) => order(a) - order(b) || (a.pays === b.pays ? 0 : a.pays < b.pays ? 1 : -1))
}
