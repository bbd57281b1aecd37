import type { StoreApi } from 'zustand/vanilla'
import type { ChainClient } from '../chain/chain-client.ts'
import { watchCheckpoints } from '../chain/watch-checkpoints.ts'
import { delay } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import { type ActivityState, noActivity } from './activity-store.ts'

/** Transactions kept for the screen. */
const KEPT = 60
/** Milliseconds until a network that stopped answering is tried again. */
const AGAIN_MS = 10_000

export interface FollowOptions {
  readonly signal: AbortSignal
  readonly pollMs?: number
  /** An epoch other than that of the checkpoint before has begun. */
  readonly onEpoch: () => void
}

/** Fills the store from the network's checkpoints until `signal` aborts. */
export async function followActivity(
  client: ChainClient,
  store: StoreApi<ActivityState>,
  { signal, pollMs = 3000, onEpoch }: FollowOptions,
): Promise<void> {
  let epoch: bigint | null = null
  store.setState(noActivity)
  while (!signal.aborted) {
    try {
      for await (const checkpoint of watchCheckpoints(client, { signal, pollMs })) {
        const { sequenceNumber, timestampMs, by, transactions } = checkpoint
        const items = transactions
          .filter(({ sender }) => sender !== null)
          .map((transaction) => ({ ...transaction, checkpoint: sequenceNumber, timestampMs }))
        if (signal.aborted) return
        store.setState((state) => ({
          by,
          checkpoint: sequenceNumber,
          error: null,
          items: items.length === 0 ? state.items : [...items.reverse(), ...state.items].slice(0, KEPT),
        }))
        if (epoch !== null && checkpoint.epoch !== epoch) onEpoch()
        epoch = checkpoint.epoch
      }
    } catch (thrown) {
      const { code, message } = StudioError.from(thrown)
      if (signal.aborted) return
      store.setState({ by: 'none', error: message })
      if (code === 'unsupported') return
    }
    await delay(AGAIN_MS, signal).catch(() => {})
  }
}
