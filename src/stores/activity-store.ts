import { createStore } from 'zustand/vanilla'
import type { CheckpointTransaction } from '../chain/checkpoint-view.ts'

export interface ActivityItem extends CheckpointTransaction {
  readonly checkpoint: bigint
  /** Milliseconds since 1970. */
  readonly timestampMs: number
}

/** What happens on the network in use. */
export interface ActivityState {
  /** How checkpoints come: by the node's stream, or by asking for them. */
  readonly by: 'none' | 'stream' | 'polling'
  readonly checkpoint: bigint | null
  /** Transactions of accounts, newest first; those of the network itself are left out. */
  readonly items: readonly ActivityItem[]
  /** Why nothing comes; null while it does. */
  readonly error: string | null
}

export const noActivity: ActivityState = { by: 'none', checkpoint: null, items: [], error: null }

export const createActivityStore = () => createStore<ActivityState>(() => noActivity)
