import { compactAddress } from '../lib/soma-address.ts'
import { formatSoma } from '../lib/soma-amount.ts'
import type { TransactionFee } from './bcs/effects.ts'
import type { TransactionKind } from './bcs/transaction.ts'
import { deriveId, transactionDigest } from './digests.ts'
import type { EffectsView } from './effects-view.ts'
import { explainKind, type KindExplanation } from './explain-kind.ts'
import { digestToText, type SomaId } from './ids.ts'
import type { SystemStateView } from './system-state-view.ts'
import { decodeTransaction } from './transaction/build-transaction.ts'
import { amountMoved, forecastFee } from './transaction/forecast-fee.ts'

/** All that is said about a transaction before it is signed; every word comes from the bytes. */
export interface TransactionPreview extends KindExplanation {
  readonly kind: TransactionKind['$kind']
  /** Base58. */
  readonly digest: string
  readonly byteLength: number
  readonly sender: SomaId
  /** The model that a CreateModel would create. */
  readonly createdId: SomaId | null
  /** From the simulation where there was one, else the forecast; shannons. */
  readonly fee: TransactionFee
  /** Stake or payment that leaves the account besides the fee. */
  readonly amount: bigint
  readonly balanceBefore: bigint
  readonly balanceAfter: bigint
  /** Who pays, and what is left. */
  readonly payment: string
}

export interface PreviewContext {
  readonly state: SystemStateView
  /** All coins of the sender, in shannons. */
  readonly balance: bigint
  readonly simulation?: EffectsView
}

/** Explains BCS TransactionData bytes; throws 'corrupt' where they are not a transaction. */
export function previewTransaction(
  bytes: Uint8Array,
  { state, balance, simulation }: PreviewContext,
): TransactionPreview {
  const data = decodeTransaction(bytes)
  const digest = transactionDigest(bytes)
  const createdId = deriveId(digest, 0)
  const fee = simulation?.fee ?? forecastFee(data, state.parameters)
  const amount = amountMoved(data.kind)
  const simulated = simulation?.balanceChanges.get(data.sender)
  const balanceAfter = balance + (simulated ?? -(amount + fee.totalFee))
  return {
    ...explainKind(data.kind, state, createdId, data.sender),
    kind: data.kind.$kind,
    digest: digestToText(digest),
    byteLength: bytes.length,
    sender: data.sender,
    createdId: data.kind.$kind === 'CreateModel' ? createdId : null,
    fee,
    amount,
    balanceBefore: balance,
    balanceAfter,
    payment: [
      `${compactAddress(data.sender)} pays a fee of ${formatSoma(fee.totalFee)} SOMA`,
      besides(amount, simulated === undefined ? 0n : simulated + fee.totalFee),
      `; the balance after it is ${formatSoma(balanceAfter)} SOMA.`,
      data.gasPayment.length > 1 ? ` The ${data.gasPayment.length} coins that pay become one.` : '',
    ].join(''),
  }
}

/** What moves besides the fee: what the bytes say, or what only the simulation knows (whole coins, bonds, stakes). */
function besides(amount: bigint, simulated: bigint): string {
  if (amount > 0n) return ` and ${formatSoma(amount)} SOMA of its own`
  if (simulated < 0n) return ` and, by the simulation, ${formatSoma(-simulated)} SOMA of its own`
  return simulated > 0n ? ` and, by the simulation, gets ${formatSoma(simulated)} SOMA` : ''
}
