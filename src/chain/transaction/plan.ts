import { type ObjectRef, U64_MAX } from '../bcs/primitives.ts'
import type { TransactionKindInput } from '../bcs/transaction.ts'
import type { ChainClient } from '../chain-client.ts'
import type { SomaId } from '../ids.ts'
import type { CoinView } from '../object-view.ts'
import type { SystemStateView } from '../system-state-view.ts'
import { buildTransaction } from './build-transaction.ts'
import { checkTransaction } from './check-transaction.ts'
import { chooseGas } from './choose-gas.ts'
import { forecastFee, type KnownAmounts } from './forecast-fee.ts'
import { inputCoins } from './input-coins.ts'

/** What a plan may look at; read anew for each attempt, because references go stale. */
export interface PlanContext {
  readonly client: ChainClient
  readonly sender: SomaId
  readonly state: SystemStateView
  /** All coins of the sender. */
  readonly coins: readonly CoinView[]
  readonly signal?: AbortSignal | undefined
}

export interface PlannedTransaction {
  readonly kind: TransactionKindInput
  /** Coins that pay; several are merged into the first. */
  readonly gas: readonly CoinView[]
  readonly known?: KnownAmounts
}

/** Turns what is wanted into a transaction of the coins and objects as they are now. */
export type TransactionPlan = (context: PlanContext) => PlannedTransaction | Promise<PlannedTransaction>

/** A transaction that names no coin but its gas, or whose coins the caller has chosen. */
export function planKind(kind: TransactionKindInput, known: KnownAmounts = {}): TransactionPlan {
  return ({ sender, state, coins }) => {
    const draft = buildTransaction(kind, sender, []).data
    checkTransaction(draft, state)
    // Only a new model's stake comes out of the gas coins; other amounts come out of coins that are named.
    const stake = draft.kind.$kind === 'CreateModel' ? draft.kind.CreateModel.stakeAmount : 0n
    const { totalFee } = forecastFee(draft, state.parameters, known)
    return { kind, gas: chooseGas(coins, stake + totalFee, { inputs: inputCoins(draft.kind) }), known }
  }
}

/**
 * A transaction that takes `amount` out of its gas coin: one coin or, merged, several pay fee and amount, so that
 * no other coin has to be large enough.
 */
export function payFromGas(
  { sender, state, coins }: PlanContext,
  amount: bigint,
  makeKind: (coin: ObjectRef) => TransactionKindInput,
): PlannedTransaction {
  const draft = buildTransaction(makeKind(PLACEHOLDER), sender, [PLACEHOLDER]).data
  checkTransaction(draft, state)
  const { totalFee } = forecastFee(draft, state.parameters)
  const gas = chooseGas(coins, amount + totalFee)
  return { kind: makeKind(gas[0]!.ref), gas }
}

/** Stands for a gas coin that is not chosen yet. */
const PLACEHOLDER: ObjectRef = {
  objectId: `0x${'ff'.repeat(32)}`,
  version: U64_MAX,
  digest: new Uint8Array(32),
}
