import { StudioError } from '../lib/studio-error.ts'
import type { CallEnvelope, WorkerMessage } from './worker-client.ts'

/** The worker's end of a WorkerClient: answers each call, then says that it is ready. */
export function serveCalls<Call, Reply, Event>(
  handle: (call: Call) => Promise<Reply>,
): { emit(event: Event, transfer?: Transferable[]): void } {
  const post = (message: WorkerMessage<Reply, Event>, transfer: Transferable[] = []) =>
    postMessage(message, { transfer })
  addEventListener('message', async ({ data }: MessageEvent<CallEnvelope<Call>>) => {
    try {
      post({ id: data.id, reply: await handle(data.call) })
    } catch (error) {
      post({ id: data.id, error: StudioError.from(error).serialise() })
    }
  })
  post({ ready: true })
  return { emit: (event, transfer) => post({ event }, transfer) }
}
