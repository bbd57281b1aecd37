import { abortable } from '../lib/abort.ts'
import { type SerialisedError, StudioError } from '../lib/studio-error.ts'

/** Files of the practice host, asked for from worker to worker: the page is not between them. */
interface Request {
  readonly id: number
  readonly url: string
}
type Answer =
  | { readonly id: number; readonly data: Blob }
  | { readonly id: number; readonly error: SerialisedError }

/** The practice worker's end: answers what is asked for at `port`. */
export function servePracticeFiles(port: MessagePort, read: (url: string) => Promise<Blob>): void {
  port.onmessage = async ({ data: { id, url } }: MessageEvent<Request>) => {
    let answer: Answer
    try {
      answer = { id, data: await read(url) }
    } catch (error) {
      answer = { id, error: StudioError.from(error).serialise() }
    }
    port.postMessage(answer)
  }
}

/** The asking end. */
export interface PracticeFiles {
  /** From now on whoever is at the other end of `port` is asked; what the one before owes is rejected. */
  connect(port: MessagePort): void
  read(url: string, signal?: AbortSignal): Promise<Blob>
}

export function createPracticeFiles(): PracticeFiles {
  const pending = new Map<number, { resolve(data: Blob): void; reject(error: StudioError): void }>()
  let open: MessagePort | undefined
  let nextId = 1
  return {
    connect(port) {
      open?.close()
      open = port
      for (const { reject } of pending.values()) reject(gone())
      pending.clear()
      port.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
        const asked = pending.get(answer.id)
        pending.delete(answer.id)
        if ('error' in answer) asked?.reject(StudioError.from(answer.error))
        else asked?.resolve(answer.data)
      }
    },
    read(url, signal) {
      const port = open
      if (!port) return Promise.reject(gone())
      const id = nextId++
      const answered = new Promise<Blob>((resolve, reject) => {
        pending.set(id, { resolve, reject })
        port.postMessage({ id, url } satisfies Request)
      })
      return abortable(answered, signal)
    },
  }
}

function gone(): StudioError {
  return new StudioError('network', 'The practice network did not answer.', {
    hint: 'Open its world again on the Network screen, then try again.',
    retryable: true,
  })
}
