import { createConnectRouter } from '@connectrpc/connect'
import type { UniversalHandler } from '@connectrpc/connect/protocol'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { nodeErrors, registerServices } from '../../src/practice/services.ts'
import { readBody } from '../grpc/frames.ts'
import type { AnyRequest, AnyResponse, RequestHandler } from './dual-protocol-server.ts'
import { corsHeaders, informationHeaders, preflightHeaders } from './node-headers.ts'
import { runCall, unknownMethod } from './run-call.ts'
import { type WebEncoding, webEncoding, writeReply } from './write-reply.ts'

/** Answers `/model/{id}` and `/data/{id}`; undefined for any other path. */
export type ProxyRoute = (path: string) => Promise<ProxyReply> | undefined

export interface ProxyReply {
  readonly status: number
  readonly body: Uint8Array | string
}

/**
 * The port of a full node: gRPC over HTTP/2, gRPC-web over either protocol, CORS, and the two proxy routes, with the
 * statuses and headers of a node (tonic-web 0.13 inside axum): 405 for another method than POST, 400 for what is
 * neither gRPC-web nor HTTP/2, errors of calls as headers without a body.
 */
export function createRpcHandler(network: () => PracticeNetwork, proxy: ProxyRoute): RequestHandler {
  const router = createConnectRouter({ connect: false, grpcWeb: false, interceptors: [nodeErrors] })
  const handlers = new Map(registerServices(router, network).handlers.map((one) => [one.requestPath, one]))
  const services = new Set([...handlers.keys()].map((path) => path.split('/')[1]))

  return (request, response) => {
    answer(request, response).catch(() => response.destroy())
  }

  async function answer(request: AnyRequest, response: AnyResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://node').pathname
    const isProxy = /^\/(model|data)\/[^/]+$/.test(path)
    if (request.method === 'OPTIONS') {
      return end(response, 200, { ...preflightHeaders, ...(isProxy ? { allow: 'GET,HEAD' } : {}) })
    }
    if (isProxy) return answerProxy(request, response, path)
    if (!services.has(path.split('/')[1]!))
      return end(response, 404, { ...corsHeaders, 'content-length': '0' })

    const headers = () => ({ ...informationHeaders(network()), ...corsHeaders })
    const accepted = webEncoding(request.headers['content-type'])
    if (accepted !== undefined && request.method !== 'POST') {
      return end(response, 405, { ...headers(), 'content-length': '0' })
    }
    if (accepted === undefined && request.httpVersionMajor < 2) {
      return end(response, 400, { ...headers(), 'content-length': '0' })
    }
    // A node answers in the encoding that `accept` asks for, whatever the request's is.
    const asked = webEncoding(request.headers.accept) === 'text' ? 'text' : 'binary'
    const encoding = accepted && asked
    await writeReply(response, await call(handlers.get(path), request, response, accepted), encoding, headers)
  }

  async function answerProxy(request: AnyRequest, response: AnyResponse, path: string): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return end(response, 405, { ...corsHeaders, allow: 'GET,HEAD', 'content-length': '0' })
    }
    const { status, body } = (await proxy(path))!
    const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'
    const bytes = Buffer.from(body)
    const headers = { ...corsHeaders, 'content-type': type, 'content-length': String(bytes.length) }
    end(response, status, headers, request.method === 'HEAD' ? undefined : bytes)
  }
}

async function call(
  handler: UniversalHandler | undefined,
  request: AnyRequest,
  response: AnyResponse,
  encoding: WebEncoding | undefined,
) {
  if (handler === undefined) return unknownMethod
  const sent = await readBody(request)
  const body = encoding === 'text' ? Buffer.from(sent.toString('latin1'), 'base64') : sent
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const timeout = request.headers['grpc-timeout']
  return runCall(handler, body, typeof timeout === 'string' ? timeout : undefined, gone.signal)
}

function end(
  response: AnyResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array,
): void {
  // A node names no connection header; HTTP/2 forbids it.
  response.removeHeader('connection')
  response.writeHead(status, headers)
  if (body === undefined) response.end()
  else response.end(body)
}
