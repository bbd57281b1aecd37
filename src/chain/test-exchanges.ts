import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { base64 } from '@scure/base'
import type { ChainClient } from './chain-client.ts'
import { connectNetwork } from './create-chain-client.ts'
import { localnet } from './networks.ts'

// Recorded exchanges for tests; the product never imports this file.

export interface Exchange {
  /** As in '103-create-model-A', or 'sdk/9000/0014_...' for those of the official client over HTTP/2. */
  readonly name: string
  readonly request: { readonly path: string; readonly body: Uint8Array; readonly body_base64: string }
  readonly response: {
    /** Null where the node dropped the connection. */
    readonly status: number | null
    readonly headers: [string, string][]
    readonly body: Uint8Array
    readonly body_base64: string
  }
}

interface Entry {
  readonly name: string
  readonly path: string
  readonly status: number | null
  readonly replyHeaders: [string, string][]
  /** Bytes. */
  readonly request: number
  readonly reply: number
}

/** u32 length, JSON entries, then request and reply body of each, all under gzip. */
const packed = gunzipSync(readFileSync(new URL('../../test/golden/exchanges/all.bin.gz', import.meta.url)))
const headerEnd = 4 + packed.readUInt32LE(0)
let offset = headerEnd
const take = (length: number) => {
  const body = new Uint8Array(packed.subarray(offset, offset + length))
  offset += length
  return { body, body_base64: base64.encode(body) }
}

/** All 288 of them, in the order of their names. */
export const exchanges: readonly Exchange[] = (
  JSON.parse(packed.toString('utf8', 4, headerEnd)) as Entry[]
).map(({ name, path, status, replyHeaders, request, reply }) => ({
  name,
  request: { path, ...take(request) },
  response: { status, headers: replyHeaders, ...take(reply) },
}))

/** The first exchange whose name starts so. */
export const loadExchange = (start: string): Exchange => exchanges.find(({ name }) => name.startsWith(start))!

/** Payload of the first data frame of a gRPC(-web) body; undefined where there is none. */
export function payload(body: string | Uint8Array): Uint8Array | undefined {
  return dataFrames(typeof body === 'string' ? base64.decode(body) : body)[0]
}

/** Payloads of all data frames of a gRPC(-web) body. */
export function dataFrames(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let at = 0; at + 5 <= bytes.length; ) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 1)
    if (bytes[at] === 0) frames.push(bytes.slice(at + 5, at + 5 + length))
    at += 5 + length
  }
  return frames
}

/** A client whose network answers every call with the recorded reply. `exposed`: error headers can be read. */
export function replayClient(start: string, exposed = true): ChainClient {
  const { request, response } = loadExchange(start)
  return connectNetwork(localnet, async (input) => {
    const asked = new URL(String(input)).pathname
    if (asked !== request.path) throw new Error(`Asked for ${asked}, recorded is ${request.path}`)
    const headers = response.headers.filter(([name]) => exposed || name === 'content-type')
    const wire = headers.filter(([name]) => !['transfer-encoding', 'content-length'].includes(name))
    return new Response(response.body as Uint8Array<ArrayBuffer>, {
      status: response.status ?? 502,
      headers: wire,
    })
  })
}
