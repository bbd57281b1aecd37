import { fromBinary } from '@bufbuild/protobuf'
import type { UniversalHandler } from '@connectrpc/connect/protocol'
import { dataFrame, readMessage } from '../grpc/frames.ts'
import { GrpcFailure, type GrpcStatus, grpcCode, statusOf } from '../grpc/status.ts'

/** A reply before it is written: what is known at once, or a stream whose status comes last. */
export type Reply =
  | { readonly kind: 'unary'; readonly status: GrpcStatus; readonly frames: Uint8Array }
  | {
      readonly kind: 'stream'
      readonly frames: AsyncIterable<Uint8Array>
      readonly status: () => GrpcStatus
    }

const failed = (status: GrpcStatus): Reply => ({ kind: 'unary', status, frames: new Uint8Array() })

export const unknownMethod: Reply = failed({ code: grpcCode.unimplemented })

/** Runs one call of a service with the gRPC frame that came in `body`. `timeout` is the grpc-timeout header. */
export async function runCall(
  handler: UniversalHandler,
  body: Uint8Array,
  timeout: string | undefined,
  signal: AbortSignal,
): Promise<Reply> {
  let message: Uint8Array
  try {
    message = readMessage(body)
    checkMessage(handler, message)
  } catch (error) {
    return failed(statusOf(error))
  }
  const running = handler({
    httpVersion: '2',
    url: `http://node${handler.requestPath}`,
    method: 'POST',
    header: new Headers({
      'content-type': 'application/grpc+proto',
      ...(timeout === undefined ? {} : { 'grpc-timeout': timeout }),
    }),
    body: once(dataFrame(message)),
    signal,
  })
  if (handler.method.methodKind !== 'unary') {
    // Connect waits for the first message, but clients wait for the headers before they cause one. One turn of the
    // event loop lets the service subscribe first.
    await new Promise((resolve) => setImmediate(resolve))
    let trailer: Headers | undefined
    const frames = async function* () {
      const reply = await running
      yield* reply.body ?? []
      trailer = reply.trailer
    }
    return { kind: 'stream', frames: frames(), status: () => statusFromTrailer(trailer) }
  }
  const reply = await running
  const parts: Uint8Array[] = []
  for await (const part of reply.body ?? []) parts.push(part)
  const status = statusFromTrailer(reply.trailer)
  return status.code === grpcCode.ok
    ? { kind: 'unary', status, frames: Buffer.concat(parts) }
    : failed(status)
}

/** A node answers 13 to bytes that are no protobuf; Connect would say 3. */
function checkMessage(handler: UniversalHandler, message: Uint8Array): void {
  try {
    fromBinary(handler.method.input, message)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new GrpcFailure(grpcCode.internal, `failed to decode Protobuf message: ${reason}`)
  }
}

/** The status that Connect put into its trailers, with the details that the network gave. */
function statusFromTrailer(trailer: Headers | undefined): GrpcStatus {
  const code = Number(trailer?.get('grpc-status') ?? grpcCode.internal)
  const message = decodeURIComponent(trailer?.get('grpc-message') ?? '')
  const details = trailer?.get('grpc-status-details-bin')
  return { code, message, ...(details ? { details: Buffer.from(details, 'base64') } : {}) }
}

async function* once(chunk: Uint8Array): AsyncIterable<Uint8Array> {
  yield chunk
}
