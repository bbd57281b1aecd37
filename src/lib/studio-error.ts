/**
 * The one error type that crosses modules, threads and the screen.
 * A message says what happened (and what was kept), a hint says what to do.
 */
export type ErrorCode =
  | 'bad-input'
  | 'unsupported'
  | 'no-webgpu'
  | 'device-lost'
  | 'out-of-memory'
  | 'storage'
  | 'network'
  | 'refused'
  | 'cancelled'
  | 'corrupt'
  | 'not-found'
  | 'internal'

/** The form in which an error is posted between threads. */
export interface SerialisedError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly retryable: boolean
  readonly cause?: string
}

export class StudioError extends Error {
  readonly code: ErrorCode
  readonly hint: string
  readonly retryable: boolean

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StudioError'
    this.code = code
    this.hint = options.hint ?? ''
    this.retryable = options.retryable ?? false
  }

  serialise(): SerialisedError {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      retryable: this.retryable,
      ...(this.cause === undefined ? {} : { cause: String(this.cause) }),
    }
  }

  /** Any thrown value as a StudioError; an AbortError becomes `cancelled`. */
  static from(value: unknown): StudioError {
    if (value instanceof StudioError) return value
    if (isSerialised(value)) return new StudioError(value.code, value.message, value)
    const name = value instanceof Error ? value.name : ''
    if (name === 'AbortError') return new StudioError('cancelled', 'Cancelled.', { cause: value })
    if (name === 'QuotaExceededError') {
      return new StudioError('storage', 'The browser has no room left to store this.', {
        hint: 'Delete runs you no longer need, or free disk space, then try again.',
        retryable: true,
        cause: value,
      })
    }
    const message = value instanceof Error ? value.message : String(value)
    return new StudioError('internal', message, { cause: value })
  }
}

function isSerialised(value: unknown): value is SerialisedError {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Error) &&
    'code' in value &&
    'message' in value &&
    'hint' in value
  )
}
