import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import { dataFrame, readBody, readMessage } from '../grpc/frames.ts'
import { type GrpcStatus, grpcCode, statusFields, statusOf } from '../grpc/status.ts'
import { type ListeningServer, listen } from './listen.ts'

/** One unary method: payload in, payload out. A GrpcFailure keeps its code, anything else is 'internal'. */
export type BcsMethod = (payload: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** gRPC over cleartext HTTP/2 only, as the services beside a node speak it: no gRPC-web, no CORS. */
export function serveBcs(
  methods: Readonly<Record<string, BcsMethod>>,
  port: number,
  host: string,
): Promise<ListeningServer> {
  const server = createServer()
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => session.destroy())
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.close())
    answer(stream, methods[headers[':path'] ?? '']).catch(() => stream.close())
  })
  return listen(server, port, host, () => {
    for (const session of sessions) session.destroy()
  })
}

async function answer(stream: ServerHttp2Stream, method: BcsMethod | undefined): Promise<void> {
  const type = { ':status': 200, 'content-type': 'application/grpc' }
  let reply: Uint8Array
  try {
    if (method === undefined) return fail({ code: grpcCode.unimplemented })
    reply = await method(readMessage(await readBody(stream)))
  } catch (error) {
    return fail(statusOf(error))
  }
  if (stream.destroyed) return
  stream.respond(type, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  stream.end(dataFrame(reply))

  function fail(status: GrpcStatus): void {
    if (stream.destroyed) return
    stream.respond({ ...type, ...statusFields(status) }, { endStream: true })
  }
}
