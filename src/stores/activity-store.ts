import { createStore } from 'zustand/vanilla'
import type { CheckpointTransaction } from '../chain/checkpoint-view.ts'

/** A transaction, or several alike in a row: of the same account, kind and outcome. */
export interface ActivityItem extends CheckpointTransaction {
  /** Of the newest, like the digest and the time. */
  readonly checkpoint: bigint
  readonly count: number
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

/** Newest first, with those that are alike in a row as one; at most `most`. */
export function addActivity(
  newer: readonly ActivityItem[],
  older: readonly ActivityItem[],
  most: number,
): readonly ActivityItem[] {
  const rows: ActivityItem[] = []
  for (const item of [...newer, ...older]) {
    const last = rows.at(-1)
    const isAlike = last?.kind === item.kind && last.sender === item.sender && last.success === item.success
    if (last && isAlike) rows[rows.length - 1] = { ...last, count: last.count + item.count }
    else rows.push(item)
  }
  return rows.slice(0, most)
}

export const noActivity: ActivityState = { by: 'none', checkpoint: null, items: [], error: null }

export const createActivityStore = () => createStore<ActivityState>(() => noActivity)
