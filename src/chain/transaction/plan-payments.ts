import { StudioError } from '../../lib/studio-error.ts'
import type { SomaId } from '../ids.ts'
import { normaliseId } from '../ids.ts'
import type { CoinView } from '../object-view.ts'
import type { ParametersView } from '../system-state-view.ts'
import { MAX_GAS_COINS, richestFirst, totalOf } from './choose-gas.ts'
import { payFromGas, type TransactionPlan } from './plan.ts'

export interface Payment {
  /** Any text form of an address. */
  readonly recipient: string
  /** Shannons. */
  readonly amount: bigint
}

/** Sends an amount, merging as many coins as it takes. Throws 'bad-input' for a wrong address or amount. */
export function planTransfer(payment: Payment): TransactionPlan {
  const { recipient, amount } = checkedPayment(payment)
  return (context) => payFromGas(context, amount, (coin) => ({ TransferCoin: { coin, amount, recipient } }))
}

/** Several payments in one transaction; all of them are made or none. */
export function planPayments(payments: readonly Payment[]): TransactionPlan {
  if (payments.length === 0) throw new StudioError('bad-input', 'There is nobody to pay.')
  const checked = payments.map(checkedPayment)
  const amounts = checked.map(({ amount }) => amount)
  const recipients = checked.map(({ recipient }) => recipient)
  const total = amounts.reduce((sum, amount) => sum + amount, 0n)
  return (context) =>
    payFromGas(context, total, (coin) => ({ PayCoins: { coins: [coin], amounts, recipients } }))
}

/**
 * Merges dust: all coins but the smallest pay the gas of one transaction, which merges them, and the smallest moves
 * to the same account. Two coins remain. Rejects with 'refused' where there are fewer than three.
 */
export function planMergeCoins(): TransactionPlan {
  return ({ coins, sender }) => {
    if (coins.length < 3) {
      throw new StudioError('refused', 'There is nothing to merge: this account has at most two coins.', {
        hint: 'Nothing was sent.',
      })
    }
    const sorted = richestFirst(coins)
    const smallest = sorted.at(-1)!
    return {
      kind: { TransferCoin: { coin: smallest.ref, amount: null, recipient: sender } },
      gas: sorted.slice(0, Math.min(sorted.length - 1, MAX_GAS_COINS)),
      known: { coinBalance: smallest.balance },
    }
  }
}

/** The most shannons that one transfer can send: what is left of all coins after its fee, the value fee included. */
export function largestTransfer(
  coins: readonly CoinView[],
  {
    baseFee,
    writeObjectFee,
    valueFeeBps,
  }: Pick<ParametersView, 'baseFee' | 'writeObjectFee' | 'valueFeeBps'>,
): bigint {
  const rest = totalOf(richestFirst(coins).slice(0, MAX_GAS_COINS)) - baseFee - 2n * writeObjectFee
  if (rest <= 0n) return 0n
  // The largest amount with amount + floor(amount * bps / 10000) <= rest; the guess is at most a few too small.
  let amount = (rest * 10_000n) / (10_000n + valueFeeBps)
  while (amount + 1n + ((amount + 1n) * valueFeeBps) / 10_000n <= rest) amount += 1n
  return amount
}

function checkedPayment({ recipient, amount }: Payment): { recipient: SomaId; amount: bigint } {
  if (amount <= 0n) throw new StudioError('bad-input', 'The amount must be more than zero.')
  if (!/^(0x)?[0-9a-f]{64}$/i.test(recipient.trim())) {
    // Short forms are valid for a node, but a cut-off address would send SOMA to nobody.
    throw new StudioError('bad-input', 'This is not a whole address.', {
      hint: 'An address has 64 hexadecimal digits, with or without 0x in front.',
    })
  }
  return { recipient: normaliseId(recipient, 'address'), amount }
}
