import {
  createServer as createHttp1Server,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import { createServer, type Socket } from 'node:net'
import { type ListeningServer, listen } from './listen.ts'

export type AnyRequest = IncomingMessage | Http2ServerRequest
export type AnyResponse = ServerResponse | Http2ServerResponse
export type RequestHandler = (request: AnyRequest, response: AnyResponse) => void

/** What a client with prior knowledge of HTTP/2 sends first (RFC 9113, 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** Time for a client to say the first byte, milliseconds. */
const FIRST_BYTE_MS = 30_000

/**
 * HTTP/1.1 and cleartext HTTP/2 on one port: a plain socket server looks at the first bytes of a connection and
 * hands it to the server that speaks its protocol.
 */
export function serveBothProtocols(
  handler: RequestHandler,
  port: number,
  host: string,
): Promise<ListeningServer> {
  const http1 = createHttp1Server(handler)
  const http2 = createHttp2Server(handler)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    chooseServer(socket, http1, http2)
  })
  const close = () => {
    for (const socket of sockets) socket.destroy()
  }
  return listen(server, port, host, close)
}

function chooseServer(socket: Socket, http1: Http1Server, http2: ReturnType<typeof createHttp2Server>): void {
  let seen = Buffer.alloc(0)
  socket.setTimeout(FIRST_BYTE_MS, () => socket.destroy())
  const look = () => {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    seen = Buffer.concat([seen, chunk])
    const start = PREFACE.subarray(0, seen.length)
    const isHttp2 = seen.subarray(0, PREFACE.length).equals(start)
    if (isHttp2 && seen.length < PREFACE.length) return
    socket.off('readable', look)
    socket.setTimeout(0)
    socket.unshift(seen)
    if (isHttp2) http2.emit('connection', socket)
    else http1.emit('connection', socket)
  }
  socket.on('readable', look)
}
