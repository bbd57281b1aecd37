import { StudioError } from '../../lib/studio-error.ts'
import type { TransactionData, TransactionKind } from '../bcs/transaction.ts'
import type { SomaId } from '../ids.ts'
import type { CoinView } from '../object-view.ts'
import type { ParametersView } from '../system-state-view.ts'
import { cannotPay } from './choose-gas.ts'

/** What a transaction takes out of coins besides its fee. */
interface Draw {
  /** Empty: out of the gas coin. */
  readonly from: readonly SomaId[]
  /** Null: whatever the coin holds. */
  readonly amount: bigint | null
}

/**
 * Throws 'refused' unless the coins cover amounts and fee. A simulation does not prove it: a node lends a made-up
 * coin to an account without one, and charges amount and fee to different coins.
 */
export function checkFunds(
  { kind, gasPayment }: Pick<TransactionData, 'kind' | 'gasPayment'>,
  coins: readonly CoinView[],
  totalFee: bigint,
  parameters: Pick<ParametersView, 'submissionBondPerByte'>,
): void {
  const balances = new Map(coins.map(({ ref, balance }) => [ref.objectId, balance]))
  const sum = (ids: readonly SomaId[]) =>
    ids.reduce((total, id) => {
      const balance = balances.get(id)
      if (balance === undefined) throw notOurs()
      return total + balance
    }, 0n)
  const gasIds = gasPayment.map(({ objectId }) => objectId)
  const gas = sum(gasIds)
  const { from, amount } = drawOf(kind, parameters)
  const others = from.filter((id) => !gasIds.includes(id))
  const named = sum(others)
  const drawsOnGas = from.length === 0 || others.length < from.length
  if (drawsOnGas) {
    if (gas + named < (amount ?? 0n) + totalFee) throw cannotPay(coins, (amount ?? 0n) + totalFee)
    return
  }
  if (gas < totalFee) throw cannotPay(coins, totalFee)
  if (amount !== null && named < amount) throw cannotPay(coins, amount + totalFee)
}

function drawOf(kind: TransactionKind, parameters: Pick<ParametersView, 'submissionBondPerByte'>): Draw {
  switch (kind.$kind) {
    case 'CreateModel':
      return { from: [], amount: kind.CreateModel.stakeAmount }
    case 'TransferCoin':
      return { from: [kind.TransferCoin.coin.objectId], amount: kind.TransferCoin.amount }
    case 'PayCoins': {
      const { coins, amounts } = kind.PayCoins
      const total = amounts?.reduce((sum, amount) => sum + amount, 0n) ?? null
      return { from: coins.map(({ objectId }) => objectId), amount: total }
    }
    case 'AddStake':
      return { from: [kind.AddStake.coinRef.objectId], amount: kind.AddStake.amount }
    case 'AddStakeToModel':
      return { from: [kind.AddStakeToModel.coinRef.objectId], amount: kind.AddStakeToModel.amount }
    case 'SubmitData': {
      const bond = kind.SubmitData.dataManifest.manifest.size * parameters.submissionBondPerByte
      return { from: [kind.SubmitData.bondCoin.objectId], amount: bond }
    }
    default:
      return { from: [], amount: 0n }
  }
}

function notOurs(): StudioError {
  return new StudioError('refused', 'A coin of this transaction is not among the coins of this account.', {
    hint: 'Nothing was sent. It may have been spent meanwhile: try again, coins are read anew.',
    retryable: true,
  })
}
