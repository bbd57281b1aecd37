import type { TransactionKind } from '../../chain/bcs/transaction.ts'
import { decodeTransaction } from '../../chain/transaction/build-transaction.ts'
import { planKind, type TransactionPlan } from '../../chain/transaction/plan.ts'
import { planMergeCoins } from '../../chain/transaction/plan-payments.ts'
import { planAddStake, planWithdrawStake } from '../../chain/transaction/plan-stakes.ts'
import { planClaimRewards } from '../../chain/transaction/plan-submission.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma, parseSoma } from '../../lib/soma-amount.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { CheckBytes, SigningActions } from './signing-actions.ts'
import { transactAll } from './transact-all.ts'

/** What an owner or staker does with models that exist; each shows its preview first. All resolve with whether it was executed. */
export function modelActions(
  parts: Pick<StudioParts, 'stores' | 'chain' | 'wallet'>,
  { transact }: Pick<SigningActions, 'transact'>,
) {
  /** `read` says what the decoded bytes do, in the words of `asked`; a difference blocks the signature. */
  function checkOf(
    label: string,
    asked: string,
    read: (kind: TransactionKind, sender: string) => string,
  ): CheckBytes {
    return ({ built }) => {
      const { kind, sender } = decodeTransaction(built.bytes)
      const value = read(kind, sender)
      return [{ label, value, detail: 'as you asked for', matches: value === asked }]
    }
  }

  async function act(plan: TransactionPlan, ...check: Parameters<typeof checkOf>): Promise<boolean> {
    return (await transact(plan, checkOf(...check))) !== null
  }

  const checkClaim = (targetId: string) =>
    checkOf('Target', targetId, (kind) =>
      kind.$kind === 'ClaimRewards' ? kind.ClaimRewards.targetId : kind.$kind,
    )

  return {
    /** Stakes on a model, of whomever; `amount` is a decimal text such as 1.5. */
    async addStake(modelId: string, amount: string) {
      const shannons = parseSoma(amount)
      const words = (id: string, value: bigint | null) =>
        `${value === null ? 'a whole coin' : `${formatSoma(value)} SOMA`} on ${compactAddress(id, 14)}`
      return act(planAddStake(modelId, shannons), 'Stake', words(modelId, shannons), (kind) =>
        kind.$kind === 'AddStakeToModel'
          ? words(kind.AddStakeToModel.modelId, kind.AddStakeToModel.amount)
          : kind.$kind,
      )
    },
    withdrawStake: (stakeId: string) =>
      act(planWithdrawStake(stakeId), 'Stake object', stakeId, (kind) =>
        kind.$kind === 'WithdrawStake' ? kind.WithdrawStake.stakedSoma.objectId : kind.$kind,
      ),
    /** `percent` is a decimal text of at most two decimals, such as 12.5. */
    async setCommission(modelId: string, percent: string) {
      const newRate = parseBasisPoints(percent)
      const words = (id: string, rate: bigint) => `${Number(rate) / 100} % of ${compactAddress(id, 14)}`
      const plan = planKind({ SetModelCommissionRate: { modelId, newRate } })
      return act(plan, 'Commission', words(modelId, newRate), (kind) =>
        kind.$kind === 'SetModelCommissionRate'
          ? words(kind.SetModelCommissionRate.modelId, kind.SetModelCommissionRate.newRate)
          : kind.$kind,
      )
    },
    deactivateModel: (modelId: string) =>
      act(planKind({ DeactivateModel: { modelId } }), 'Model', modelId, (kind) =>
        kind.$kind === 'DeactivateModel' ? kind.DeactivateModel.modelId : kind.$kind,
      ),
    claimReward: async (targetId: string) =>
      (await transact(planClaimRewards(targetId), checkClaim(targetId))) !== null,
    /** The network takes one target a transaction; resolves with how many were claimed. */
    claimRewards: (targetIds: readonly string[]) =>
      transactAll(
        parts,
        transact,
        targetIds.map((id) => ({ plan: planClaimRewards(id), check: checkClaim(id) })),
      ),
    /** Makes few coins of many. */
    mergeCoins: () =>
      act(planMergeCoins(), 'Receiver', 'this account itself', (kind, sender) => {
        if (kind.$kind !== 'TransferCoin') return kind.$kind
        const { recipient } = kind.TransferCoin
        return recipient === sender ? 'this account itself' : recipient
      }),
  }
}

export type ModelActions = ReturnType<typeof modelActions>

/** Basis points of a percentage; throws 'bad-input' for anything but a number from 0 to 100 of at most two decimals. */
function parseBasisPoints(text: string): bigint {
  const [, whole, decimals = ''] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  const points = whole === undefined ? -1 : Number(whole) * 100 + Number(decimals.padEnd(2, '0'))
  if (points >= 0 && points <= 10_000) return BigInt(points)
  throw new StudioError('bad-input', `"${text}" is not a percentage.`, {
    hint: 'Write a number from 0 to 100 with at most two decimals, such as 12.5.',
  })
}
