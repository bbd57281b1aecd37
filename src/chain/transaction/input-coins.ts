import type { ObjectRef } from '../bcs/primitives.ts'
import type { TransactionKind } from '../bcs/transaction.ts'
import type { SomaId } from '../ids.ts'

/** Owned objects that a transaction names besides its gas. */
export function inputRefs(kind: TransactionKind): readonly ObjectRef[] {
  switch (kind.$kind) {
    case 'TransferCoin':
      return [kind.TransferCoin.coin]
    case 'PayCoins':
      return kind.PayCoins.coins
    case 'TransferObjects':
      return kind.TransferObjects.objects
    case 'AddStake':
      return [kind.AddStake.coinRef]
    case 'AddStakeToModel':
      return [kind.AddStakeToModel.coinRef]
    case 'WithdrawStake':
      return [kind.WithdrawStake.stakedSoma]
    case 'SubmitData':
      return [kind.SubmitData.bondCoin]
    default:
      return []
  }
}

/** Their ids. */
export function inputCoins(kind: TransactionKind): Set<SomaId> {
  return new Set(inputRefs(kind).map(({ objectId }) => objectId))
}
