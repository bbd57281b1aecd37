import type { TransactionKind } from '../bcs/transaction.ts'
import type { SomaId } from '../ids.ts'

/** Coins that a transaction names besides its gas. */
export function inputCoins(kind: TransactionKind): Set<SomaId> {
  switch (kind.$kind) {
    case 'TransferCoin':
      return new Set([kind.TransferCoin.coin.objectId])
    case 'PayCoins':
      return new Set(kind.PayCoins.coins.map(({ objectId }) => objectId))
    case 'TransferObjects':
      return new Set(kind.TransferObjects.objects.map(({ objectId }) => objectId))
    case 'AddStake':
      return new Set([kind.AddStake.coinRef.objectId])
    case 'AddStakeToModel':
      return new Set([kind.AddStakeToModel.coinRef.objectId])
    case 'SubmitData':
      return new Set([kind.SubmitData.bondCoin.objectId])
    default:
      return new Set()
  }
}
