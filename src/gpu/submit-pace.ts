/** Milliseconds of work in one submit: neither the screen nor a watchdog notices. */
const SUBMIT_MILLISECONDS = 100
/** Dispatches between two submits at most, so that the device starts while the rest is recorded. */
const DISPATCHES_PER_SUBMIT = 64
/** Submits that wait for the device: enough that it never idles, few enough that a cancel is prompt. */
const SUBMITS_AHEAD = 3
/** Shorter submits are mostly latency and say little about the device's speed. */
const SHORTEST_MEASURED = 20

/** Cuts work into submits of about 100 ms by what earlier ones took, and holds back what would queue up. */
export class SubmitPace {
  readonly #queue: Pick<GPUQueue, 'onSubmittedWorkDone'>
  readonly #now: () => number
  readonly #pending: Promise<void>[] = []
  /** Multiply-adds a millisecond. */
  #rate: number
  #lastDone = 0

  constructor(
    queue: Pick<GPUQueue, 'onSubmittedWorkDone'>,
    firstRate: number,
    now = () => performance.now(),
  ) {
    this.#queue = queue
    this.#rate = firstRate
    this.#now = now
  }

  /** Where to cut after `from`: the end of the next submit. `work` in multiply-adds for each dispatch. */
  sliceEnd(work: readonly number[], from: number, to: number): number {
    const most = Math.min(to, from + DISPATCHES_PER_SUBMIT)
    const budget = this.#rate * SUBMIT_MILLISECONDS
    let sum = work[from]!
    let end = from + 1
    while (end < most && sum + work[end]! <= budget) {
      sum += work[end]!
      end += 1
    }
    return end
  }

  /** Resolves when another submit may follow. */
  async ready(): Promise<void> {
    while (this.#pending.length >= SUBMITS_AHEAD) await this.#pending.shift()
  }

  /** Call right after a submit of this many multiply-adds. */
  submitted(work: number): void {
    const start = this.#now()
    this.#pending.push(
      this.#queue.onSubmittedWorkDone().then(
        () => this.#measured(work, start),
        // A lost device says so elsewhere.
        () => undefined,
      ),
    )
  }

  #measured(work: number, start: number): void {
    const done = this.#now()
    const elapsed = done - Math.max(start, this.#lastDone)
    this.#lastDone = done
    if (elapsed >= SHORTEST_MEASURED) this.#rate = (this.#rate + work / elapsed) / 2
    else if (work >= (this.#rate * SUBMIT_MILLISECONDS) / 2) this.#rate *= 2
  }
}
