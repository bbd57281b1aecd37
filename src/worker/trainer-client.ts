import { StudioError } from '../lib/studio-error.ts'
import type {
  CallEnvelope,
  Replies,
  TrainerCall,
  TrainerCallKind,
  TrainerEvent,
  WorkerMessage,
} from './protocol.ts'

/** The page's end of the trainer worker. */
export interface TrainerClient {
  /** Rejects with the worker's StudioError, or with 'internal' when the worker dies. */
  call<K extends TrainerCallKind>(call: Extract<TrainerCall, { kind: K }>): Promise<Replies[K]>
  onEvent(listener: (event: TrainerEvent) => void): void
  /** The worker died: pending calls were rejected, `restart` makes a new one. */
  onCrash(listener: (error: StudioError) => void): void
  restart(): void
  dispose(): void
}

interface Pending {
  resolve(value: never): void
  reject(error: StudioError): void
}

/** `spawn` makes the worker; it says 'ready' before it takes calls, so early ones wait here. */
export function createTrainerClient(spawn: () => Worker): TrainerClient {
  const eventListeners: ((event: TrainerEvent) => void)[] = []
  const crashListeners: ((error: StudioError) => void)[] = []
  const pending = new Map<number, Pending>()
  let queue: CallEnvelope[] = []
  let nextId = 1
  let ready = false
  let worker = start()

  function start(): Worker {
    const started = spawn()
    started.onmessage = ({ data }: MessageEvent<WorkerMessage>) => receive(data)
    started.onerror = (event) => {
      event.preventDefault()
      crash(event.message || 'The trainer stopped.')
    }
    started.onmessageerror = () => crash('A message from the trainer could not be read.')
    return started
  }

  function receive(message: WorkerMessage) {
    if ('event' in message) {
      if (message.event.kind === 'ready') {
        ready = true
        for (const envelope of queue) worker.postMessage(envelope)
        queue = []
      }
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
    const error = new StudioError('internal', `The trainer crashed: ${reason}`, {
      hint: 'Your checkpoints are kept. Restart the trainer and resume from the last one.',
      retryable: true,
    })
    for (const call of pending.values()) call.reject(error)
    pending.clear()
    for (const listener of crashListeners) listener(error)
  }

  return {
    call(call) {
      const envelope: CallEnvelope = { id: nextId++, call }
      return new Promise((resolve, reject) => {
        pending.set(envelope.id, { resolve, reject })
        if (ready) worker.postMessage(envelope)
        else queue.push(envelope)
      })
    },
    onEvent: (listener) => void eventListeners.push(listener),
    onCrash: (listener) => void crashListeners.push(listener),
    restart() {
      worker.terminate()
      ready = false
      worker = start()
    },
    dispose() {
      worker.terminate()
    },
  }
}
