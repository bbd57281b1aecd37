/** The reins of a training loop: it asks `gate` before each step and goes on, waits or ends. */
export interface RunControl {
  pause(): void
  resume(): void
  /** Lets one step through, then pauses. */
  stepOnce(): void
  stop(): void
  /** Resolves 'go' when the next step may run, 'stop' when the loop shall end. */
  gate(): Promise<'go' | 'stop'>
  readonly stopped: boolean
  /** Aborts with stop(), so that a step of many seconds need not be waited for. */
  readonly signal: AbortSignal
}

/** `onWait` is told when the loop stands still at the gate, and when it moves again. */
export function createRunControl(onWait: (waiting: boolean) => void = () => {}): RunControl {
  let mode: 'run' | 'pause' | 'stop' = 'run'
  let granted = 0
  let wake: (() => void) | undefined
  const ending = new AbortController()

  const turn = (next: typeof mode) => {
    if (mode === 'stop') return
    mode = next
    if (next !== 'pause') granted = 0
    wake?.()
  }

  return {
    pause: () => turn('pause'),
    resume: () => turn('run'),
    stop() {
      turn('stop')
      ending.abort()
    },
    stepOnce() {
      if (mode === 'stop') return
      mode = 'pause'
      granted++
      wake?.()
    },
    async gate() {
      let waited = false
      while (mode === 'pause' && granted === 0) {
        if (!waited) onWait(true)
        waited = true
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = undefined
      }
      if (mode === 'stop') return 'stop'
      if (waited) onWait(false)
      if (mode === 'pause') granted--
      return 'go'
    },
    get stopped() {
      return mode === 'stop'
    },
    signal: ending.signal,
  }
}
