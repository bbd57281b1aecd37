/** How fast epochs pass: when the user says so, or by the clock while the page is open. */
export type Speed = 'click' | 'minute' | 'day'

export const speeds: readonly Speed[] = ['click', 'minute', 'day']

const SPEED_MS = { minute: 60_000, day: 86_400_000 }

/** What an epoch is said to last where the user ends it, milliseconds: the protocol's value. */
const UNTIMED_MS = 86_400_000

/** Time that is left to whoever comes back to an epoch that should have ended, milliseconds. */
const GRACE_MS = 60_000

export interface EpochClockOptions {
  readonly speed: Speed
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Calls back once after that many milliseconds; returns what takes it back. */
  readonly schedule: (milliseconds: number, callback: () => void) => () => void
  /** When the current epoch began. */
  readonly epochStart: () => number
  readonly endEpoch: () => void
}

/**
 * Ends epochs at the chosen speed. It stands still while nobody runs it: of epochs that were missed, one is made
 * up, a minute after the clock was started, so that a model that waits for its reveal is not lost over night.
 */
export class EpochClock {
  readonly #options: EpochClockOptions
  #speed: Speed
  #since: number
  #cancel = () => {}

  constructor(options: EpochClockOptions) {
    this.#options = options
    this.#speed = options.speed
    this.#since = options.now()
    this.restart()
  }

  get speed(): Speed {
    return this.#speed
  }

  set speed(speed: Speed) {
    this.#speed = speed
    this.#since = this.#options.now()
    this.restart()
  }

  /** How long epochs are meant to last at this speed, milliseconds. */
  get epochMs(): number {
    return this.#speed === 'click' ? UNTIMED_MS : SPEED_MS[this.#speed]
  }

  /** When the current epoch ends, milliseconds since 1970; undefined where the user ends it. */
  get endsAt(): number | undefined {
    if (this.#speed === 'click') return undefined
    const length = SPEED_MS[this.#speed]
    return Math.max(this.#options.epochStart() + length, this.#since + Math.min(length, GRACE_MS))
  }

  /** Looks at the epoch again: it may have been ended by hand, or be of another world. */
  restart(): void {
    this.#cancel()
    const { endsAt } = this
    if (endsAt === undefined) return
    const { now, schedule, endEpoch } = this.#options
    // Timers hold 31 bits of milliseconds; a day fits.
    this.#cancel = schedule(Math.max(0, endsAt - now()), () => {
      this.#since = 0
      endEpoch()
      this.restart()
    })
  }

  stop(): void {
    this.#cancel()
  }
}
