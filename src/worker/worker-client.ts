import { type SerialisedError, StudioError } from '../lib/studio-error.ts'

/**
 * Typed calls to a worker and events from it. The worker posts `{ ready: true }` before it takes calls, since a
 * module worker loses what is posted before it listens.
 */
export type WorkerMessage<Reply, Event> =
  | { readonly ready: true }
  | { readonly id: number; readonly reply: Reply }
  | { readonly id: number; readonly error: SerialisedError }
  | { readonly event: Event }

export interface CallEnvelope<Call> {
  readonly id: number
  readonly call: Call
}

export interface WorkerClient<
  Call extends { readonly kind: string },
  Replies extends Record<Call['kind'], unknown>,
  Event,
> {
  /** Rejects with the worker's StudioError, or with 'internal' when the worker dies. */
  call<K extends Call['kind']>(
    call: Extract<Call, { kind: K }>,
    transfer?: readonly Transferable[],
  ): Promise<Replies[K]>
  onEvent(listener: (event: Event) => void): void
  /** The worker died: pending calls were rejected, `restart` makes a new one. */
  onCrash(listener: (error: StudioError) => void): void
  restart(): void
  /** Ends the worker; calls under way are not answered any more. */
  end(): void
}

interface Pending {
  resolve(value: never): void
  reject(error: StudioError): void
}

/** `name` is what the worker is called in the error of a crash, `hint` what to do then. */
export function createWorkerClient<
  Call extends { readonly kind: string },
  Replies extends Record<Call['kind'], unknown>,
  Event,
>(spawn: () => Worker, name: string, hint: string): WorkerClient<Call, Replies, Event> {
  const eventListeners: ((event: Event) => void)[] = []
  const crashListeners: ((error: StudioError) => void)[] = []
  const pending = new Map<number, Pending>()
  let queue: [CallEnvelope<Call>, Transferable[]][] = []
  let nextId = 1
  let ready = false
  let worker = start()

  function start(): Worker {
    const started = spawn()
    started.onmessage = ({ data }: MessageEvent<WorkerMessage<unknown, Event>>) => receive(data)
    started.onerror = (event) => {
      event.preventDefault()
      crash(event.message || 'it stopped without saying why.')
    }
    started.onmessageerror = () => crash('a message from it could not be read.')
    return started
  }

  function receive(message: WorkerMessage<unknown, Event>) {
    if ('ready' in message) {
      ready = true
      for (const [envelope, transfer] of queue) worker.postMessage(envelope, transfer)
      queue = []
      return
    }
    if ('event' in message) {
      for (const listener of eventListeners) listener(message.event)
      return
    }
    const call = pending.get(message.id)
    pending.delete(message.id)
    if ('error' in message) call?.reject(StudioError.from(message.error))
    else call?.resolve(message.reply as never)
  }

  function crash(reason: string) {
    worker.terminate()
    ready = false
    queue = []
    const error = new StudioError('internal', `${name} crashed: ${reason}`, { hint, retryable: true })
    for (const call of pending.values()) call.reject(error)
    pending.clear()
    for (const listener of crashListeners) listener(error)
  }

  return {
    call(call, transferred = []) {
      const transfer = [...transferred]
      const envelope: CallEnvelope<Call> = { id: nextId++, call }
      return new Promise((resolve, reject) => {
        pending.set(envelope.id, { resolve, reject })
        if (ready) worker.postMessage(envelope, transfer)
        else queue.push([envelope, transfer])
      })
    },
    onEvent: (listener) => void eventListeners.push(listener),
    onCrash: (listener) => void crashListeners.push(listener),
    restart() {
      worker.terminate()
      ready = false
      worker = start()
    },
    end: () => worker.terminate(),
  }
}
