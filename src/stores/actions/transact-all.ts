import type { TransactionPreview } from '../../chain/preview.ts'
import type { TransactionPlan } from '../../chain/transaction/plan.ts'
import { prepareTransaction } from '../../chain/transaction/submit-transaction.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { CheckBytes, SigningActions } from './signing-actions.ts'

/** One transaction of several. */
export interface Wanted {
  readonly plan: TransactionPlan
  readonly check: CheckBytes
}

/**
 * Makes transactions one after the other, since each pays with what the one before it left, until one fails or the person
 * stops. Every one is decoded, simulated and compared before its signature, and reviewed: a practice account answers once
 * for all of them, listed, and is asked again for what turns out otherwise; any other account is asked for each. Resolves
 * with how many were executed; rejects like `transact`.
 */
export async function transactAll(
  { stores, chain, wallet }: Pick<StudioParts, 'stores' | 'chain' | 'wallet'>,
  transact: SigningActions['transact'],
  wanted: readonly Wanted[],
): Promise<number> {
  const reviewed = new Map<Wanted, TransactionPreview>()

  /** What the rest would do now. One that the network would refuse is no part of the answer: its turn says why. */
  async function others(signal: AbortSignal): Promise<TransactionPreview[]> {
    reviewed.clear()
    const { address } = wallet()
    for (const one of wanted.slice(1)) {
      try {
        reviewed.set(one, (await prepareTransaction(chain, address, one.plan, signal)).preview)
      } catch (error) {
        if (StudioError.from(error).code !== 'refused') throw error
      }
    }
    return [...reviewed.values()]
  }

  const once = stores.wallet.getState().kind === 'practice'
  let done = 0
  for (const one of wanted) {
    const submitted = await transact(one.plan, one.check, {
      series: { at: done + 1, of: wanted.length, others: [], answered: once && done > 0, stopping: false },
      ...(done === 0 ? { others } : {}),
      agreed: ({ preview }) => {
        const before = reviewed.get(one)
        return before !== undefined && isSame(preview, before)
      },
    })
    if (!submitted) break
    done += 1
    if (stores.signing.getState().request?.series?.stopping !== false) break
  }
  return done
}

/** The same acts for no higher fee. */
function isSame(now: TransactionPreview, before: TransactionPreview): boolean {
  return (
    now.kind === before.kind &&
    now.fee.totalFee <= before.fee.totalFee &&
    now.amount === before.amount &&
    JSON.stringify(now.changes) === JSON.stringify(before.changes)
  )
}
