/** Least time between two redraws of any chart, ms: a redraw of 400 points costs about 50 ms of the main thread. */
export const REDRAW_INTERVAL = 250

/** What the scheduler needs of the outside; tests own the clock. */
export interface RedrawClock {
  now(): number
  after(ms: number, then: () => void): void
}

/**
 * Lets charts redraw one at a time, at most one every REDRAW_INTERVAL over all of them, in the order in which
 * they asked. A chart that asks again while it waits keeps its place and is drawn once, with what is newest then.
 */
export interface RedrawScheduler {
  /** Asks for one redraw; an urgent one (the user changed the view) goes before those that wait. */
  request(redraw: () => void, urgent?: boolean): void
  /** Forgets a chart that is gone. */
  cancel(redraw: () => void): void
}

const pageClock: RedrawClock = {
  now: () => performance.now(),
  after: (ms, then) => void setTimeout(then, ms),
}

export function createRedrawScheduler(clock: RedrawClock = pageClock): RedrawScheduler {
  let waiting: (() => void)[] = []
  let last = Number.NEGATIVE_INFINITY
  let armed = false

  const pump = () => {
    armed = false
    const redraw = waiting.shift()
    if (!redraw) return
    last = clock.now()
    redraw()
    arm()
  }
  const arm = () => {
    if (armed || waiting.length === 0) return
    armed = true
    clock.after(Math.max(0, last + REDRAW_INTERVAL - clock.now()), pump)
  }

  return {
    request(redraw, urgent = false) {
      if (urgent) waiting = [redraw, ...waiting.filter((other) => other !== redraw)]
      else if (!waiting.includes(redraw)) waiting.push(redraw)
      arm()
    },
    cancel(redraw) {
      waiting = waiting.filter((other) => other !== redraw)
    },
  }
}

/** The one scheduler of the page. */
export const pageScheduler = createRedrawScheduler()
