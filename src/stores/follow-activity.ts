import type { StoreApi } from 'zustand/vanilla'
import type { ChainClient } from '../chain/chain-client.ts'
import type { CheckpointView } from '../chain/checkpoint-view.ts'
import { watchCheckpoints } from '../chain/watch-checkpoints.ts'
import { delay } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import { type ActivityState, addActivity, noActivity } from './activity-store.ts'

/** Rows kept for the screen. */
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
  const take = (checkpoint: CheckpointView, by: ActivityState['by']) => {
    const { sequenceNumber, timestampMs, transactions } = checkpoint
    const items = transactions
      .filter(({ sender }) => sender !== null)
      .map((transaction) => ({ ...transaction, count: 1, checkpoint: sequenceNumber, timestampMs }))
      .reverse()
    const { checkpoint: shown } = store.getState()
    const isNew = shown === null || sequenceNumber > shown
    store.setState((state) => ({
      by,
      checkpoint: sequenceNumber,
      error: null,
      items: isNew && items.length > 0 ? addActivity(items, state.items, KEPT) : state.items,
    }))
    if (epoch !== null && checkpoint.epoch !== epoch) onEpoch()
    epoch = checkpoint.epoch
  }
  // A quiet network's stream says nothing until something happens.
  try {
    take(await client.checkpoint(undefined, signal), 'none')
  } catch {
    // What follows says what is wrong.
  }
  while (!signal.aborted) {
    try {
      for await (const checkpoint of watchCheckpoints(client, { signal, pollMs })) {
        if (signal.aborted) return
        take(checkpoint, checkpoint.by)
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
