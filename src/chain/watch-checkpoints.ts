import { delay } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ChainClient } from './chain-client.ts'
import type { CheckpointView } from './checkpoint-view.ts'

export interface WatchedCheckpoint extends CheckpointView {
  /** Whether it came by the node's stream or was asked for. */
  readonly by: 'stream' | 'polling'
}

export interface WatchOptions {
  readonly signal: AbortSignal
  /** Milliseconds between two questions where there is no stream. */
  readonly pollMs?: number
  /** Questions before the stream is tried again. */
  readonly pollsBeforeStream?: number
  /** At most so many missed checkpoints are read one by one; older ones are skipped. */
  readonly catchUp?: number
}

/**
 * Checkpoints in order and without gaps, from the latest on, until `signal` aborts: by the node's stream, and by
 * asking where it has none or breaks off (a node drops slow readers). Throws what the last question threw.
 */
export async function* watchCheckpoints(
  client: Pick<ChainClient, 'subscribe' | 'checkpoint'>,
  { signal, pollMs = 2000, pollsBeforeStream = 30, catchUp = 20 }: WatchOptions,
): AsyncGenerator<WatchedCheckpoint, void> {
  let last: bigint | null = null

  async function* upTo(newest: CheckpointView, by: WatchedCheckpoint['by']) {
    if (last !== null && newest.sequenceNumber <= last) return
    const oldest: bigint = newest.sequenceNumber - BigInt(catchUp)
    let next: bigint = last === null ? newest.sequenceNumber : last + 1n
    if (next < oldest) next = oldest
    for (; next < newest.sequenceNumber && !signal.aborted; next += 1n) {
      yield { ...(await client.checkpoint(next, signal)), by: 'polling' as const }
      last = next
    }
    if (signal.aborted) return
    yield { ...newest, by }
    last = newest.sequenceNumber
  }

  try {
    while (!signal.aborted) {
      try {
        for await (const checkpoint of client.subscribe(signal)) yield* upTo(checkpoint, 'stream')
      } catch (error) {
        if (isCancelled(error)) return
        // Where there is no stream, or it broke off, the questions below say what is wrong.
      }
      for (let poll = 0; poll < pollsBeforeStream && !signal.aborted; poll += 1) {
        yield* upTo(await client.checkpoint(undefined, signal), 'polling')
        await delay(pollMs, signal)
      }
    }
  } catch (error) {
    if (!isCancelled(error)) throw error
  }

  function isCancelled(error: unknown): boolean {
    return signal.aborted || (error instanceof StudioError && error.code === 'cancelled')
  }
}
