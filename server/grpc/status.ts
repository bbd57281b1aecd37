/** The gRPC status codes that our servers answer with. */
export const grpcCode = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const

/** How a call ended; `details` is an encoded google.rpc.Status. */
export interface GrpcStatus {
  readonly code: number
  readonly message?: string
  readonly details?: Uint8Array
}

/** A failed call: thrown by our services, and by our client when a server answers so. */
export class GrpcFailure extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.name = 'GrpcFailure'
    this.code = code
  }
}

/** Any thrown value as a status; what nobody expected is told as 'internal'. */
export function statusOf(error: unknown): GrpcStatus {
  if (error instanceof GrpcFailure) return { code: error.code, message: error.message }
  return { code: grpcCode.internal, message: error instanceof Error ? error.message : String(error) }
}

/** The three header fields of a status, in the form that a node writes: escapes as sparse as tonic's, Base64 unpadded. */
export function statusFields({ code, message, details }: GrpcStatus): Record<string, string> {
  return {
    'grpc-status': String(code),
    ...(message ? { 'grpc-message': escapeMessage(message) } : {}),
    ...(details
      ? { 'grpc-status-details-bin': Buffer.from(details).toString('base64').replace(/=+$/, '') }
      : {}),
  }
}

const ESCAPED = ' "#%<>`?{}'

function escapeMessage(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      const plain = byte > 0x1f && byte < 0x7f && !ESCAPED.includes(character)
      return plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
