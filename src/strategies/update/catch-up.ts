import type { CheckpointView } from '../../chain/checkpoint-view.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { ledgerCheckpoint, readCheckpoint, type WinLog } from './win-log.ts'

export interface CatchUpOptions {
  /** A checkpoint by its number, the latest one without. */
  readonly checkpoint: (sequence?: bigint, signal?: AbortSignal) => Promise<CheckpointView>
  /** Keeps the log; called now and then and at the end, also of a pass that was cancelled or failed. */
  readonly save: (log: WinLog) => void | Promise<void>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Checkpoints that are asked for at once. */
const AT_ONCE = 6
/** Rounds of questions between two saves. */
const SAVE_EVERY = 20

/**
 * Reads every checkpoint from the log's cursor to the network's latest, so that a tab that was closed for days misses
 * no win. What was read before an abort or an error is saved, and the next pass goes on from there.
 */
export async function catchUp(log: WinLog, options: CatchUpOptions): Promise<WinLog> {
  const { checkpoint, save, signal } = options
  const first = log.cursor
  let current = log
  let rounds = 0
  try {
    const latest = Number((await checkpoint(undefined, signal)).sequenceNumber)
    const total = latest + 1 - first
    while (current.cursor <= latest) {
      throwIfAborted(signal)
      const count = Math.min(AT_ONCE, latest + 1 - current.cursor)
      const from = current.cursor
      const views = await Promise.all(
        Array.from({ length: count }, (_, index) => checkpoint(BigInt(from + index), signal)),
      )
      for (const view of views) current = readCheckpoint(current, ledgerCheckpoint(view))
      options.onProgress?.(current.cursor - first, total)
      rounds += 1
      if (rounds % SAVE_EVERY === 0) await save(current)
    }
  } finally {
    if (current !== log) await save(current)
  }
  return current
}
