import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  ADVANCE_EPOCH_PATH,
  FAUCET_PATH,
  HealthResponse,
  SCORE_PATH,
  SCORING_HEALTH_PATH,
} from '../../src/chain/bcs/service-messages.ts'
import { StudioError } from '../../src/lib/studio-error.ts'
import { callOverHttp2 } from '../grpc/call-over-http2.ts'
import { GrpcFailure } from '../grpc/status.ts'
import { configureHosts } from './configured-hosts.ts'
import { contactService, contacts } from './contact-service.ts'
import { guardRequest } from './guard-request.ts'
import type { Resolve } from './open-download.ts'
import { Refusal } from './refusal.ts'
import { relayFile } from './relay-file.ts'

export interface BridgeOptions {
  /** Hosts besides the known networks' that may be reached. */
  readonly connectHosts: readonly string[]
  /** Name resolution of downloads; the system's unless a test brings its own. */
  readonly resolve?: Resolve
  readonly limits?: Partial<BridgeLimits>
}

export interface BridgeLimits {
  /** Bytes of one file. */
  readonly fileBytes: number
  /** Milliseconds without a byte, and for one file in all. */
  readonly idleMs: number
  readonly fileMs: number
  /** Downloads at once. */
  readonly files: number
}

/** A V1 model has 4.84 GB. */
const LIMITS: BridgeLimits = { fileBytes: 8e9, idleMs: 30_000, fileMs: 7_200_000, files: 4 }

/** Largest payload that is taken from the page and from a service. */
const PAYLOAD_BYTES = 1024 * 1024

const second = 1000

/** Services that pages cannot reach: gRPC over HTTP/2 with BCS payloads, passed on as they are. */
const services: Readonly<Record<string, { path: string; timeoutMs: number; localOnly?: boolean }>> = {
  '/bridge/faucet': { path: FAUCET_PATH, timeoutMs: 60 * second },
  '/bridge/score': { path: SCORE_PATH, timeoutMs: 600 * second },
  '/bridge/scoring-health': { path: SCORING_HEALTH_PATH, timeoutMs: 10 * second },
  // An epoch change takes a node up to two minutes.
  '/bridge/advance-epoch': { path: ADVANCE_EPOCH_PATH, timeoutMs: 130 * second, localOnly: true },
}

/**
 * What the studio's own page reaches through this server because no page can reach it itself:
 *
 * - `GET /bridge`: JSON `{ hosts }`, the origins that may be named below;
 * - `POST /bridge/{faucet, score, scoring-health, advance-epoch}?host=ORIGIN`: BCS payload in, BCS payload out
 *   (application/octet-stream); advance-epoch only to this machine;
 * - `POST /bridge/{faucet-health, admin-health}?host=ORIGIN`: whether the service answers, asked without an effect;
 * - `GET /bridge/{model, data}/{id}?rpc=ORIGIN`: the file that the registry of that network names, streamed.
 *
 * Whatever goes wrong is JSON `{ error: { code, message, hint, grpcCode? } }` with a fitting HTTP status.
 */
export function createBridge(options: BridgeOptions) {
  const hosts = configureHosts(options.connectHosts)
  const limits = { ...LIMITS, ...options.limits }
  let files = 0

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      const refusal = refusalOf(error)
      // Part of a file is out already: only a broken connection still tells that the rest is missing.
      if (response.headersSent) return void response.destroy()
      send(response, refusal.status, 'application/json', refusal.toJson())
    })
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    guardRequest(request)
    const url = new URL(request.url ?? '/', 'http://studio')
    if (url.pathname === '/bridge') {
      requireMethod(request, 'GET')
      return send(response, 200, 'application/json', `${JSON.stringify({ hosts: hosts.origins })}\n`)
    }
    const service = services[url.pathname]
    if (service !== undefined) {
      requireMethod(request, 'POST')
      const named = url.searchParams.get('host')
      const host = service.localOnly ? hosts.requireLocal(named) : hosts.require(named)
      const { path, timeoutMs } = service
      const payload = await readPayload(request)
      const signal = leavingOf(response)
      const reply = await callOverHttp2(host, path, payload, { timeoutMs, maxBytes: PAYLOAD_BYTES, signal })
      return send(response, 200, 'application/octet-stream', reply)
    }
    const contact = contacts[url.pathname]
    if (contact !== undefined) {
      requireMethod(request, 'POST')
      await readPayload(request)
      const named = url.searchParams.get('host')
      await contactService(contact.localOnly ? hosts.requireLocal(named) : hosts.require(named), contact)
      return send(response, 200, 'application/octet-stream', HealthResponse.serialize({ ok: true }).toBytes())
    }
    const [, kind, id] = /^\/bridge\/(model|data)\/((?:0x)?[0-9a-f]{64})$/i.exec(url.pathname) ?? []
    if (kind === undefined || id === undefined) {
      throw new Refusal(404, 'not-found', 'The bridge has nothing under this address.')
    }
    requireMethod(request, 'GET')
    const rpc = hosts.require(url.searchParams.get('rpc'))
    if (files >= limits.files) {
      throw new Refusal(503, 'refused', `${limits.files} downloads are running already.`, {
        hint: 'Try again when one of them is done.',
      })
    }
    files += 1
    try {
      const file = { rpc, kind: kind === 'model' ? ('model' as const) : ('data' as const), id }
      await relayFile(request, response, file, limits, options.resolve)
    } finally {
      files -= 1
    }
  }
}

function requireMethod({ method }: IncomingMessage, wanted: 'GET' | 'POST'): void {
  if (method !== wanted)
    throw new Refusal(405, 'bad-input', `This address of the bridge takes ${wanted} only.`)
}

/** Aborts when the page gives up before it has its answer, so that a service need not work for nobody. */
function leavingOf(response: ServerResponse): AbortSignal {
  const leaving = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort()
  })
  return leaving.signal
}

async function readPayload(request: IncomingMessage): Promise<Buffer> {
  if (request.headers['content-type'] !== 'application/octet-stream') {
    throw new Refusal(415, 'bad-input', 'A payload must be sent as application/octet-stream.')
  }
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > PAYLOAD_BYTES) throw new Refusal(413, 'bad-input', 'The payload is larger than 1 MiB.')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof GrpcFailure) {
    return new Refusal(502, 'refused', error.message, { grpcCode: error.code })
  }
  const { code, message, hint } = StudioError.from(error)
  return new Refusal(502, code, message, { hint })
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response
    .writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(body)
}
