import { delay } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ChainClient, TransactionView } from './chain-client.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal
  /** Milliseconds after which it gives up. */
  readonly timeoutMs?: number
  readonly pollMs?: number
}

/**
 * Waits until an executed transaction (Base58 digest) is in a checkpoint: from then on lists show it. A network has no
 * call for this. Rejects with 'network' after the time; the transaction is final all the same.
 */
export async function waitForCheckpoint(
  client: Pick<ChainClient, 'transaction'>,
  digest: string,
  { signal, timeoutMs = 30_000, pollMs = 300 }: WaitOptions = {},
): Promise<TransactionView> {
  const polls = Math.max(1, Math.ceil(timeoutMs / pollMs))
  for (let poll = 0; poll < polls; poll += 1) {
    if (poll > 0) await delay(pollMs, signal)
    try {
      const transaction = await client.transaction(digest, signal)
      if (transaction.checkpoint !== null) return transaction
    } catch (error) {
      // A node that has not executed it yet does not know it; one of another origin cannot even say that.
      const isUnknown =
        error instanceof StudioError && (error.code === 'not-found' || error.code === 'refused')
      if (!isUnknown) throw error
    }
  }
  throw new StudioError('network', 'The transaction is final, but not in a checkpoint yet.', {
    hint: `Nothing is lost. Look again in a moment for ${digest}.`,
    retryable: true,
  })
}
