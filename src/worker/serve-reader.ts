import type { ChainClient } from '../chain/chain-client.ts'
import { rehomeBytes } from '../chain/rehome-bytes.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { LargeRead, PackedModel, ReaderCall, ReaderEvent, ReaderReplies } from './reader-protocol.ts'

/** Models or targets of one message: what the page takes in without a pause that anybody sees. */
const PART = 250

type Emit = (event: ReaderEvent, transfer?: Transferable[]) => void

/** Answers the page's reads with a client for each address; `connect` makes one. */
export function serveReader(
  connect: (rpc: string) => Pick<ChainClient, 'systemState' | 'targets'>,
  emit: Emit,
): (call: ReaderCall) => Promise<ReaderReplies[ReaderCall['kind']]> {
  const reads = new Map<number, AbortController>()

  async function perform(call: LargeRead, signal: AbortSignal) {
    const client = connect(call.rpc)
    if (call.kind === 'systemState') {
      const epoch = call.epoch === null ? {} : { epoch: call.epoch }
      const { models, ...state } = await client.systemState({ ...epoch, signal })
      emitModels(models, call.read, emit)
      return state
    }
    const targets = await client.targets(call.query, signal)
    for (let from = 0; from < targets.length; from += PART) {
      const part = targets.slice(from, from + PART)
      emit(
        { kind: 'targets', read: call.read, targets: part },
        part.map(({ embedding }) => embedding.buffer as ArrayBuffer),
      )
    }
    return null
  }

  return async (call) => {
    if (call.kind === 'cancel') {
      reads.get(call.read)?.abort()
      return null
    }
    const read = new AbortController()
    reads.set(call.read, read)
    try {
      return await perform(call, read.signal)
    } finally {
      reads.delete(call.read)
    }
  }
}

function emitModels(models: SystemStateView['models'], read: number, emit: Emit): void {
  const values = new Float32Array(models.reduce((sum, { embedding }) => sum + (embedding?.length ?? 0), 0))
  let at = 0
  for (const { embedding } of models) {
    if (embedding === null) continue
    values.set(embedding, at)
    at += embedding.length
  }
  emit({ kind: 'embeddings', read, values }, [values.buffer])
  for (let from = 0; from < models.length; from += PART) {
    const { models: part, bytes } = rehomeBytes(models.slice(from, from + PART))
    const packed = part.map(
      ({ embedding, ...model }): PackedModel => ({ model, dim: embedding?.length ?? null }),
    )
    emit({ kind: 'models', read, models: packed }, [bytes])
  }
}
