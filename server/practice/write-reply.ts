import { trailersFrame } from '../grpc/frames.ts'
import { grpcCode, statusFields } from '../grpc/status.ts'
import type { AnyResponse } from './dual-protocol-server.ts'
import type { Reply } from './run-call.ts'

export type WebEncoding = 'binary' | 'text'

const encodings: Readonly<Record<string, WebEncoding>> = {
  'application/grpc-web': 'binary',
  'application/grpc-web+proto': 'binary',
  'application/grpc-web-text': 'text',
  'application/grpc-web-text+proto': 'text',
}

/** gRPC-web's encoding of a content type or an accept header; these four spellings and no other. */
export function webEncoding(header: string | undefined): WebEncoding | undefined {
  return header === undefined ? undefined : encodings[header]
}

/** Writes a reply as gRPC-web (`encoding`), or as gRPC over HTTP/2 where there is none. */
export async function writeReply(
  response: AnyResponse,
  reply: Reply,
  encoding: WebEncoding | undefined,
  headers: () => Record<string, string>,
): Promise<void> {
  const type =
    encoding === undefined
      ? 'application/grpc'
      : `application/grpc-web${encoding === 'text' ? '-text' : ''}+proto`
  response.removeHeader('connection')
  if (reply.kind === 'unary' && reply.status.code !== grpcCode.ok) {
    const empty = encoding === undefined ? {} : { 'content-length': '0' }
    response.writeHead(200, { 'content-type': type, ...statusFields(reply.status), ...headers(), ...empty })
    response.end()
    return
  }
  response.writeHead(200, { 'content-type': type, ...headers() })
  if (reply.kind === 'unary') await write(response, reply.frames, encoding)
  else {
    // Headers go out before the first message.
    if ('flushHeaders' in response) response.flushHeaders()
    for await (const frame of reply.frames) {
      if (response.destroyed) return
      await write(response, frame, encoding)
    }
  }
  const status = reply.kind === 'unary' ? reply.status : reply.status()
  if (encoding === undefined) response.addTrailers(statusFields(status))
  else await write(response, trailersFrame(statusFields(status)), encoding)
  response.end()
}

/** In the text form each frame is Base64 of its own, padding included. */
async function write(
  response: AnyResponse,
  frame: Uint8Array,
  encoding: WebEncoding | undefined,
): Promise<void> {
  if (frame.length === 0) return
  const bytes = encoding === 'text' ? Buffer.from(Buffer.from(frame).toString('base64')) : frame
  // The types of the two responses disagree only in their overloads.
  const more = (response as NodeJS.WritableStream).write(bytes)
  if (more || response.destroyed) return
  await new Promise<void>((resolve) => {
    response.once('drain', resolve)
    response.once('close', resolve)
  })
}
