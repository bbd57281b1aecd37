import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import type { SomaId } from '../../chain/ids.ts'
import type { CoinView } from '../../chain/object-view.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { StudioError } from '../../lib/studio-error.ts'

/**
 * How to send `amount` shannons out of these coins: out of the smallest coin that holds it, so that a larger one
 * stays for the fee, or out of several. Throws 'refused' where the account does not hold the amount.
 */
export function planPayment(
  coins: readonly CoinView[],
  recipient: SomaId,
  amount: bigint,
): TransactionKindInput {
  const smallestFirst = [...coins].sort((a, b) =>
    a.balance < b.balance ? -1 : a.balance > b.balance ? 1 : 0,
  )
  const single = smallestFirst.find(({ balance }) => balance >= amount)
  if (single) return { TransferCoin: { coin: single.ref, amount, recipient } }
  const several: CoinView[] = []
  let held = 0n
  for (const coin of smallestFirst.reverse()) {
    several.push(coin)
    held += coin.balance
    if (held >= amount) {
      return {
        PayCoins: { coins: several.map(({ ref }) => ref), amounts: [amount], recipients: [recipient] },
      }
    }
  }
  throw new StudioError(
    'refused',
    `This account holds ${formatSoma(held)} SOMA, less than the ${formatSoma(amount)} to send.`,
    { hint: 'Nothing was sent. Send less, or get SOMA first.' },
  )
}
