import type { ChainClient, TargetQuery } from '../chain/chain-client.ts'
import type { ModelView } from '../chain/model-view.ts'
import type { TargetView } from '../chain/target-view.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { LargeRead, PackedModel, ReaderCall, ReaderEvent, ReaderReplies } from './reader-protocol.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

export type ReaderClient = WorkerClient<ReaderCall, ReaderReplies, ReaderEvent>

/** The reads whose replies can be large, for one network. */
export type LargeReads = Pick<ChainClient, 'systemState' | 'targets'>

/** Large reads in a worker of their own, which starts with the first of them, and again with the first after a crash. */
export function createReader(spawn: () => ReaderClient = spawnReader): (rpc: string) => LargeReads {
  let client: ReaderClient | undefined
  let nextRead = 1
  const parts = new Map<number, Parts>()

  function open(): ReaderClient {
    if (client) return client
    const opened = spawn()
    opened.onEvent((event) => parts.get(event.read)?.take(event))
    // The next read starts another: one that cannot even start must not be started again and again.
    opened.onCrash(() => {
      client = undefined
    })
    client = opened
    return opened
  }

  async function perform<K extends 'systemState' | 'targets'>(
    call: Extract<LargeRead, { kind: K }>,
    signal: AbortSignal | undefined,
  ) {
    const { read } = call
    const taken = new Parts()
    parts.set(read, taken)
    const worker = open()
    const stop = () => void worker.call({ kind: 'cancel', read }).catch(() => undefined)
    signal?.addEventListener('abort', stop)
    try {
      if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled.')
      const reply = await worker.call<K>(call as Extract<ReaderCall, { kind: K }>)
      return { reply, taken }
    } finally {
      signal?.removeEventListener('abort', stop)
      parts.delete(read)
    }
  }

  return (rpc) => ({
    async systemState({ epoch, signal } = {}) {
      const call = { kind: 'systemState' as const, read: nextRead++, rpc, epoch: epoch ?? null }
      const { reply, taken } = await perform<'systemState'>(call, signal)
      return { ...reply, models: taken.models }
    },
    async targets(query: TargetQuery = {}, signal) {
      const { taken } = await perform<'targets'>({ kind: 'targets', read: nextRead++, rpc, query }, signal)
      return taken.targets
    },
  })
}

/** What has come of a read. */
class Parts {
  readonly models: ModelView[] = []
  readonly targets: TargetView[] = []
  private embeddings: Float32Array<ArrayBuffer> = new Float32Array(0)
  private used = 0

  take(event: ReaderEvent): void {
    if (event.kind === 'embeddings') this.embeddings = event.values
    else if (event.kind === 'models') for (const packed of event.models) this.models.push(this.unpack(packed))
    else for (const target of event.targets) this.targets.push(target)
  }

  private unpack({ model, dim }: PackedModel): ModelView {
    if (dim === null) return { ...model, embedding: null }
    const from = this.used
    this.used += dim
    return { ...model, embedding: this.embeddings.subarray(from, this.used) }
  }
}

function spawnReader(): ReaderClient {
  return createWorkerClient(
    () => new Worker(new URL('./reader.worker.ts', import.meta.url), { type: 'module', name: 'reader' }),
    'The reader of the network',
    'Nothing was lost. Read the network again.',
  )
}
