import { formatSoma } from '../../lib/soma-amount.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { SomaId } from '../ids.ts'
import type { CoinView } from '../object-view.ts'

/** Several gas coins are merged into the first; the command line tools stop at this many. */
export const MAX_GAS_COINS = 256

/** One of so many coins is drawn, so that two transactions at once seldom lock the same one. */
const RICHEST = 8

export interface ChooseGasOptions {
  /** Coins that the transaction uses otherwise: they pay only where there is no other. */
  readonly inputs?: ReadonlySet<SomaId>
  /** In [0, 1). */
  readonly random?: () => number
}

/**
 * Coins that hold `needed` shannons, which a simulation does not check: any one of the richest eight that suffices
 * alone, else the richest together. Throws 'refused' where the account cannot pay.
 */
export function chooseGas(
  coins: readonly CoinView[],
  needed: bigint,
  { inputs = new Set(), random = Math.random }: ChooseGasOptions = {},
): CoinView[] {
  const sorted = richestFirst(coins).slice(0, MAX_GAS_COINS)
  const free = sorted.filter(({ ref }) => !inputs.has(ref.objectId))
  const single = free.slice(0, RICHEST).filter(({ balance }) => balance >= needed)
  if (single.length > 0) return [single[Math.floor(random() * single.length)]!]

  const chosen: CoinView[] = []
  let held = 0n
  for (const coin of free) {
    chosen.push(coin)
    held += coin.balance
    if (held >= needed) return chosen
  }
  const input = sorted.find(({ ref, balance }) => inputs.has(ref.objectId) && balance >= needed)
  if (input !== undefined) return [input]
  throw cannotPay(coins, needed)
}

export function richestFirst(coins: readonly CoinView[]): CoinView[] {
  return [...coins].sort((a, b) => (a.balance < b.balance ? 1 : a.balance > b.balance ? -1 : 0))
}

export function totalOf(coins: readonly CoinView[]): bigint {
  return coins.reduce((sum, { balance }) => sum + balance, 0n)
}

/** What is held and what is needed, fee included. */
export function cannotPay(coins: readonly CoinView[], needed: bigint): StudioError {
  const total = totalOf(coins)
  const message =
    coins.length === 0
      ? 'This account has no coins.'
      : `This account holds ${formatSoma(total)} SOMA; the transaction needs ${formatSoma(needed)} with its fee.`
  const scattered = total >= needed
  return new StudioError('refused', message, {
    hint: scattered
      ? 'Nothing was sent. The amount is spread over too many or the wrong coins: merge small coins first.'
      : 'Nothing was sent. Get SOMA from the faucet or another account, then try again.',
  })
}
