import type { TransactionFee } from '../bcs/effects.ts'
import type { TransactionData, TransactionKind } from '../bcs/transaction.ts'
import type { ParametersView } from '../system-state-view.ts'

/** Amounts that are not in the transaction itself, in shannons. */
export interface KnownAmounts {
  /** Principal of the stake that a WithdrawStake returns. */
  readonly principal?: bigint
  /** Reward pool of the target that a ClaimRewards claims. */
  readonly rewardPool?: bigint
  /** Balance of the coin that is staked or sent whole. */
  readonly coinBalance?: bigint
  /** A ClaimRewards of a target that nobody filled: one coin is paid instead of four. */
  readonly isExpired?: boolean
}

type FeeParameters = Pick<ParametersView, 'baseFee' | 'writeObjectFee' | 'valueFeeBps'>

/**
 * The fee of a transaction: base fee + fee for each object written + a share of the amount moved (half of it, rate
 * rounded down, for stakes and rewards). A simulation gives the exact number; this one needs no node.
 */
export function forecastFee(
  { kind, gasPayment }: Pick<TransactionData, 'kind' | 'gasPayment'>,
  parameters: FeeParameters,
  known: KnownAmounts = {},
): TransactionFee {
  const isGas = (id: string) => gasPayment.some((coin) => coin.objectId === id)
  const full = parameters.valueFeeBps
  const half = full / 2n
  const fee = (objectsWritten: number, value = 0n, bps = 0n): TransactionFee => {
    const operationFee = parameters.writeObjectFee * BigInt(objectsWritten)
    const valueFee = (value * bps) / 10_000n
    const baseFee = parameters.baseFee
    return { baseFee, operationFee, valueFee, totalFee: baseFee + operationFee + valueFee }
  }
  switch (kind.$kind) {
    case 'Genesis':
    case 'ConsensusCommitPrologueV1':
    case 'ChangeEpoch':
      return { baseFee: 0n, operationFee: 0n, valueFee: 0n, totalFee: 0n }
    case 'CreateModel':
      return fee(3, kind.CreateModel.stakeAmount, half)
    case 'AddStakeToModel':
    case 'AddStake': {
      const { coinRef, amount } = kind.$kind === 'AddStake' ? kind.AddStake : kind.AddStakeToModel
      // State, staked object and gas coin; a part of another coin leaves that coin behind, too.
      return fee(amount !== null && !isGas(coinRef.objectId) ? 4 : 3, amount ?? known.coinBalance, half)
    }
    case 'TransferCoin': {
      const { coin, amount } = kind.TransferCoin
      return fee(amount !== null && !isGas(coin.objectId) ? 3 : 2, amount ?? known.coinBalance, full)
    }
    case 'PayCoins': {
      const { coins, amounts, recipients } = kind.PayCoins
      const others = coins.some((coin) => isGas(coin.objectId)) ? 0 : 1
      return fee(1 + others + recipients.length, sum(amounts ?? []), full)
    }
    case 'TransferObjects':
      return fee(1 + kind.TransferObjects.objects.length)
    case 'WithdrawStake':
      return fee(3, known.principal, half)
    case 'SubmitData':
      return fee(isGas(kind.SubmitData.bondCoin.objectId) ? 4 : 5)
    case 'ClaimRewards':
      return fee(known.isExpired ? 3 : 6, known.rewardPool, half)
    default:
      return fee(2)
  }
}

/** Shannons that a transaction stakes or sends, as far as it says them itself (a whole coin reads as zero). */
export function amountMoved(kind: TransactionKind): bigint {
  switch (kind.$kind) {
    case 'CreateModel':
      return kind.CreateModel.stakeAmount
    case 'AddStake':
      return kind.AddStake.amount ?? 0n
    case 'AddStakeToModel':
      return kind.AddStakeToModel.amount ?? 0n
    case 'TransferCoin':
      return kind.TransferCoin.amount ?? 0n
    case 'PayCoins':
      return sum(kind.PayCoins.amounts ?? [])
    default:
      return 0n
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
