import { GrpcFailure, grpcCode } from './status.ts'

/** A gRPC message on the wire: a flag byte, the length as u32 big-endian, the bytes. */
const HEADER_BYTES = 5

const DATA = 0
/** gRPC-web carries trailers in a frame of their own. */
const TRAILERS = 0x80

/** Largest request message that a node reads. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

export function dataFrame(message: Uint8Array): Buffer {
  return frame(DATA, message)
}

export function trailersFrame(fields: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}:${value}\r\n`)
  return frame(TRAILERS, Buffer.from(lines.join('')))
}

/**
 * The one message of a unary request. Throws GrpcFailure with a node's codes where the body is no gRPC frame,
 * is compressed or too large. What follows the first message is ignored, as tonic does.
 */
export function readMessage(body: Uint8Array, limit = MAX_MESSAGE_BYTES): Uint8Array {
  if (body.length === 0) throw new GrpcFailure(grpcCode.internal, 'Missing request message.')
  if (body.length < HEADER_BYTES) throw new GrpcFailure(grpcCode.internal, 'Unexpected EOF decoding stream.')
  const flag = body[0]!
  if (flag === 1) {
    const reason = 'received message with compressed-flag but no grpc-encoding was specified'
    throw new GrpcFailure(grpcCode.internal, `protocol error: ${reason}`)
  }
  if (flag !== DATA) {
    const reason = `received message with invalid compression flag: ${flag} (valid flags are 0 and 1)`
    throw new GrpcFailure(grpcCode.internal, `protocol error: ${reason}, while sending request`)
  }
  const length = new DataView(body.buffer, body.byteOffset, body.length).getUint32(1)
  if (length > limit) {
    const reason = `decoded message length too large: found ${length} bytes, the limit is: ${limit} bytes`
    throw new GrpcFailure(grpcCode.outOfRange, `Error, ${reason}`)
  }
  if (body.length < HEADER_BYTES + length) {
    throw new GrpcFailure(grpcCode.internal, 'Unexpected EOF decoding stream.')
  }
  return body.subarray(HEADER_BYTES, HEADER_BYTES + length)
}

/** Reads a body to its end, or until it is certain to hold more than one message of the limit. */
export async function readBody(
  chunks: AsyncIterable<Uint8Array>,
  limit = MAX_MESSAGE_BYTES,
): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    if (size > limit + HEADER_BYTES) break
  }
  return Buffer.concat(parts)
}

function frame(flag: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + payload.length)
  bytes[0] = flag
  bytes.writeUInt32BE(payload.length, 1)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}
