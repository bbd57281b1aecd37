import { Code, ConnectError } from '@connectrpc/connect'
import { StudioError } from '../lib/studio-error.ts'

/** Whether a coin or object was spent, or is being spent, by another transaction. */
export function isStaleObject(error: unknown): boolean {
  const cause = error instanceof StudioError ? error.cause : error
  if (!(cause instanceof ConnectError)) return false
  return (
    /not available for consumption|ObjectLockConflict|already locked|rejected as invalid by more than/.test(
      cause.rawMessage,
    ) || cause.code === Code.FailedPrecondition
  )
}

/** Whether the node may have received the request although no answer came. */
export function isAnswerLost(error: unknown): boolean {
  const cause = error instanceof StudioError ? error.cause : error
  if (!(cause instanceof ConnectError)) return false
  const lost = [Code.Unavailable, Code.DeadlineExceeded, Code.AlreadyExists]
  return lost.includes(cause.code) || isUnreachable(cause)
}

/** A node puts errors into headers that it does not expose to other origins: the page sees an empty reply. */
export function isUnreadable(error: unknown): boolean {
  const cause = error instanceof StudioError ? error.cause : error
  if (!(cause instanceof ConnectError)) return false
  return cause.code === Code.Unknown && /missing (trailer|message)/.test(cause.rawMessage)
}

/** A failed call as a sentence. `what` says what was asked, as in "reading the epoch". */
export function fromRpcError(error: unknown, what: string): StudioError {
  if (error instanceof StudioError) return error
  // What our own layers below the client threw.
  if (error instanceof ConnectError && error.cause instanceof StudioError) return error.cause
  const cause = ConnectError.from(error)
  const make = (code: StudioError['code'], message: string, hint: string, retryable = false) =>
    new StudioError(code, message, { hint, retryable, cause })

  if (isUnreachable(cause)) {
    return make(
      'network',
      `The network could not be reached while ${what}.`,
      'Check that its address is right and that it is running; a page on https can only reach https or this computer.',
      true,
    )
  }
  if (isUnreadable(cause)) {
    return make(
      'refused',
      `The node refused while ${what}, and a page of another origin is not allowed to read its reason.`,
      'Try again once; if it stays, open the studio from the same origin as the node or through a proxy that exposes the grpc headers.',
      true,
    )
  }
  if (isStaleObject(cause)) {
    return make(
      'refused',
      'A coin or object of this transaction was changed by another transaction meanwhile.',
      'Nothing was spent. Try again: the current version is read anew.',
      true,
    )
  }
  switch (cause.code) {
    case Code.Canceled:
      return make('cancelled', 'Cancelled.', '')
    case Code.NotFound:
      return make('not-found', sentence(cause, what), 'It may not exist yet, or no longer.')
    case Code.InvalidArgument:
    case Code.OutOfRange:
    case Code.FailedPrecondition:
    case Code.Internal:
    case Code.Aborted:
      return make('refused', sentence(cause, what), 'Nothing was changed.')
    case Code.Unimplemented:
      return make('unsupported', sentence(cause, what), 'This node does not offer that service.')
    case Code.DeadlineExceeded:
    case Code.Unavailable:
    case Code.ResourceExhausted:
      return make(
        'network',
        sentence(cause, what),
        'The network is busy or slow. Try again in a moment.',
        true,
      )
    default:
      return make(
        'network',
        sentence(cause, what),
        'Try again; if it stays, look at the state of the node.',
        true,
      )
  }
}

/** `fetch` rejects with a TypeError where there is no connection, no permission or mixed content. */
function isUnreachable(cause: ConnectError): boolean {
  return (
    cause.cause instanceof TypeError || /failed to fetch|fetch failed|networkerror/i.test(cause.rawMessage)
  )
}

function sentence(cause: ConnectError, what: string): string {
  const reason = cause.rawMessage.slice(0, 300)
  return reason === '' ? `The node refused while ${what}.` : `The node refused while ${what}: ${reason}`
}
