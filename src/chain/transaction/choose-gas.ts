import { formatSoma } from '../../lib/soma-amount.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { SomaId } from '../ids.ts'
import type { CoinView } from '../object-view.ts'

/** Several gas coins are merged into the first; the command line tools stop at this many. */
const MAX_GAS_COINS = 256

/**
 * The fewest coins that hold `needed` shannons, richest first; a simulation does not check this. `inputs` are coins
 * that the transaction uses otherwise: they pay only where there is no other. Throws 'refused' where the account
 * cannot pay.
 */
export function chooseGas(
  coins: readonly CoinView[],
  needed: bigint,
  inputs: ReadonlySet<SomaId> = new Set(),
): CoinView[] {
  const richestFirst = [...coins].sort((a, b) => (a.balance < b.balance ? 1 : a.balance > b.balance ? -1 : 0))
  const free = richestFirst.filter(({ ref }) => !inputs.has(ref.objectId))
  const chosen: CoinView[] = []
  let held = 0n
  for (const coin of free) {
    if (held >= needed || chosen.length === MAX_GAS_COINS) break
    chosen.push(coin)
    held += coin.balance
  }
  if (chosen.length > 0 && held >= needed) return chosen

  const input = richestFirst.find(({ ref, balance }) => inputs.has(ref.objectId) && balance >= needed)
  if (input !== undefined) return [input]

  const total = coins.reduce((sum, coin) => sum + coin.balance, 0n)
  throw new StudioError(
    'refused',
    coins.length === 0
      ? 'This account has no coins.'
      : `This account holds ${formatSoma(total)} SOMA; the transaction needs ${formatSoma(needed)} with its fee.`,
    { hint: 'Nothing was sent. Get SOMA from the faucet or another account, then try again.' },
  )
}
