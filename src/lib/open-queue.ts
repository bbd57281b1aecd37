export interface Queue<T> {
  push(item: T): void
  /** No more items; with an error, what reads the queue gets it after the last item. */
  end(error?: Error): void
  /** Items in order as they come, to be read once. */
  items(): AsyncGenerator<T>
  /** Items that nobody has read yet. */
  readonly waiting: number
}

/** Turns calls into a sequence that one reader waits on. */
export function openQueue<T>(): Queue<T> {
  const waiting: T[] = []
  let ended = false
  let failure: Error | undefined
  let wake = () => {}
  return {
    push(item) {
      if (ended) return
      waiting.push(item)
      wake()
    },
    end(error) {
      if (ended) return
      ended = true
      failure = error
      wake()
    },
    async *items() {
      while (true) {
        if (waiting.length > 0) yield waiting.shift()!
        else if (failure) throw failure
        else if (ended) return
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    },
    get waiting() {
      return waiting.length
    },
  }
}
