import { readdirSync, readFileSync } from 'node:fs'
import { base64 } from '@scure/base'
import type { ChainClient } from './chain-client.ts'
import { connectNetwork } from './create-chain-client.ts'
import { localnet } from './networks.ts'

// Recorded exchanges for tests; the product never imports this file.

export interface Exchange {
  readonly request: { readonly path: string; readonly body_base64: string }
  readonly response: {
    readonly status: number
    readonly headers: [string, string][]
    readonly body_base64: string
  }
}

const folder = new URL('../../test/golden/exchanges/', import.meta.url)
export const exchangeNames = readdirSync(folder).filter((name) => /^\d{3}-.*\.json$/.test(name))
export const loadExchange = (number: string): Exchange => {
  const name = exchangeNames.find((candidate) => candidate.startsWith(number))!
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}

/** Payload of the first data frame of a gRPC-web body; undefined where there is none. */
export function payload(body: string): Uint8Array | undefined {
  const bytes = base64.decode(body)
  if (bytes.length < 5 || bytes[0] !== 0) return undefined
  return bytes.subarray(5, 5 + new DataView(bytes.buffer).getUint32(1))
}

/** A client whose network answers every call with the recorded reply. `exposed`: error headers can be read. */
export function replayClient(number: string, exposed = true): ChainClient {
  const { request, response } = loadExchange(number)
  return connectNetwork(localnet, async (input) => {
    const asked = new URL(String(input)).pathname
    if (asked !== request.path) throw new Error(`Asked for ${asked}, recorded is ${request.path}`)
    const headers = response.headers.filter(([name]) => exposed || name === 'content-type')
    const wire = headers.filter(([name]) => !['transfer-encoding', 'content-length'].includes(name))
    return new Response(base64.decode(response.body_base64) as Uint8Array<ArrayBuffer>, {
      status: response.status,
      headers: wire,
    })
  })
}
