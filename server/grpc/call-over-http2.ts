import { connect } from 'node:http2'
import { StudioError } from '../../src/lib/studio-error.ts'
import { dataFrame, readMessage } from './frames.ts'
import { GrpcFailure } from './status.ts'

export interface CallOptions {
  /** Milliseconds until the call is given up. */
  readonly timeoutMs: number
  /** Bytes of the largest reply that is taken. */
  readonly maxBytes: number
  readonly signal?: AbortSignal
}

/**
 * One unary gRPC call over HTTP/2, cleartext for http and TLS for https: `message` and the reply are raw payloads; null
 * sends none, which no server passes on to the method.
 * Throws GrpcFailure where the server answers so, StudioError 'network' where it does not answer as gRPC.
 */
export async function callOverHttp2(
  origin: string,
  path: string,
  message: Uint8Array | null,
  options: CallOptions,
): Promise<Uint8Array> {
  const session = connect(origin)
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      const fail = (reason: string, cause?: unknown) =>
        reject(
          new StudioError('network', `${origin} did not answer as gRPC over HTTP/2: ${reason}.`, {
            hint: 'Check the address, and that the service runs.',
            retryable: true,
            cause,
          }),
        )
      session.on('error', (error) => fail(whyNotConnected(error), error))
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
      })
      const timer = setTimeout(
        () => fail(`nothing came within ${options.timeoutMs / 1000} s`),
        options.timeoutMs,
      )
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true })
      let fields: Record<string, unknown> = {}
      let httpStatus = 0
      const parts: Buffer[] = []
      let size = 0
      stream.on('response', (headers) => {
        httpStatus = Number(headers[':status'])
        fields = { ...headers }
      })
      stream.on('trailers', (trailers) => (fields = { ...fields, ...trailers }))
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > options.maxBytes) fail(`the reply is larger than ${options.maxBytes} bytes`)
        else parts.push(chunk)
      })
      stream.on('error', (error) => fail(whyNotConnected(error), error))
      stream.on('close', () => {
        clearTimeout(timer)
        const status = fields['grpc-status']
        if (httpStatus !== 200) fail(httpStatus === 0 ? 'the connection was closed' : `HTTP ${httpStatus}`)
        else if (status === undefined) fail('the reply has no status')
        else if (status !== '0') reject(new GrpcFailure(Number(status), messageOf(fields['grpc-message'])))
        else {
          try {
            resolve(readMessage(Buffer.concat(parts), options.maxBytes))
          } catch (error) {
            fail('the reply is no gRPC message', error)
          }
        }
      })
      stream.end(message === null ? undefined : dataFrame(message))
    })
  } finally {
    session.destroy()
  }
}

/** Why there is no connection, in words; Node's own where the reason is a rare one. */
function whyNotConnected(error: Error): string {
  // A stream that never had its connection wraps the reason.
  const reason: Error & { code?: string } = error.cause instanceof Error ? error.cause : error
  switch (reason.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name could not be resolved'
    case 'ECONNREFUSED':
      return 'nothing listens there'
    case 'ECONNRESET':
      return 'the connection was closed'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return 'the host could not be reached'
    default:
      return reason.message
  }
}

function messageOf(field: unknown): string {
  const text = typeof field === 'string' ? field : ''
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
