import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ScoreRequest, ScoreResponse } from '../../src/chain/bcs/service-messages.ts'
import type { ListeningServer } from './listen.ts'
import { createScoreRequest } from './score-request.ts'
import { serveBcs } from './serve-bcs.ts'
import { scoringMethods } from './services.ts'
import { recorded, recordedNames, replay, sendHttp2 } from './test-wire.ts'
import { openWeightsScorer, type WeightsScorer } from './weights-scorer.ts'

/** Score calls of a real node's scoring service (CPU), answered by our engine; its files under their addresses. */
const files: Readonly<Record<string, Uint8Array>> = {
  'http://127.0.0.1:9200/hello.bin': new TextEncoder().encode('hello world'),
  'http://127.0.0.1:9200/empty.bin': new Uint8Array(),
  'http://127.0.0.1:9200/small42.enc': readFileSync(
    new URL('../../test/golden/exchanges/scoring/small42.enc', import.meta.url),
  ),
}
const fetchFile = async (input: RequestInfo | URL) => {
  const file = files[String(input)]
  return file ? new Response(Uint8Array.from(file)) : new Response('no', { status: 404 })
}

let scorer: WeightsScorer
let server: ListeningServer

beforeAll(async () => {
  scorer = await openWeightsScorer('small', 'cpu')
  server = await serveBcs(scoringMethods(createScoreRequest(scorer, fetchFile, 16)), 0, '127.0.0.1')
}, 60_000)

afterAll(() => Promise.all([scorer.close(), server.close()]))

const names = recordedNames('scoring')
const payload = (name: string, response = false) => {
  const { request, response: reply } = recorded('scoring', name)
  return Buffer.from((response ? reply : request).body_base64 ?? '', 'base64').subarray(5)
}
const hello = () => ScoreRequest.parse(payload('201-score-hello'))

function ask(request: typeof ScoreRequest.$inferInput) {
  const message = ScoreRequest.serialize(request).toBytes()
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  const headers = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }
  return sendHttp2(server.port, '/scoring.Scoring/Score', headers, Buffer.concat([head, message]))
}

describe('scores', () => {
  it.each(names)('request %s is the same bytes again', (name) => {
    const bytes = payload(name)
    expect(Buffer.from(ScoreRequest.serialize(ScoreRequest.parse(bytes)).toBytes())).toEqual(bytes)
  })

  it('as the network does, down to f32 rounding', async () => {
    const reply = await replay(recorded('scoring', '201-score-hello'), server.port)
    expect(reply.trailers).toEqual({ 'grpc-status': '0' })
    const ours = ScoreResponse.parse(reply.body.subarray(5))
    const theirs = ScoreResponse.parse(payload('201-score-hello', true))
    expect(ours.winner).toBe(theirs.winner)
    for (const field of ['lossScore', 'embedding', 'distance'] as const) {
      expect(ours[field]).toHaveLength(theirs[field].length)
      ours[field].forEach((value, index) => {
        const expected = theirs[field][index]!
        // Measured on the node against float64: 4.5e-6.
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(5e-6 * Math.max(1, Math.abs(expected)))
      })
    }
  }, 60_000)

  it.each(names.filter((name) => name !== '201-score-hello'))(
    'refused in a node’s words: %s',
    async (name) => {
      const exchange = recorded('scoring', name)
      const theirs = Object.fromEntries(exchange.response.headers)
      const { headers } = await replay(exchange, server.port)
      expect(headers['grpc-status']).toBe(theirs['grpc-status'])
      expect(headers['grpc-message']).toBe(theirs['grpc-message'])
    },
  )

  it.each([
    ['a key that is not Base58', { decryptionKey: '0OIl' }],
    ['a short key', { decryptionKey: '8VHUFJHWu' }],
    ['a checksum that is none', { checksum: 'x' }],
  ])('refused by name where a node drops the connection: %s', async (_name, change) => {
    const request = hello()
    const [manifest] = request.modelManifests
    const { headers } = await ask({ ...request, modelManifests: [{ ...manifest!, ...change }] })
    expect(headers['grpc-status']).toBe('3')
    expect(decodeURIComponent(headers['grpc-message']!)).toMatch(/not a valid/)
  })

  it('refuses a target of another dimension, and what is no request', async () => {
    expect((await ask({ ...hello(), targetEmbedding: new Float32Array(4) })).headers['grpc-status']).toBe('3')
    const grpc = { ':method': 'POST', 'content-type': 'application/grpc' }
    const cut = await sendHttp2(server.port, '/scoring.Scoring/Score', grpc, Buffer.of(0, 0, 0, 0, 2, 200, 1))
    expect(cut.headers['grpc-status']).toBe('13')
  })

  it('says what is wrong with weights that a key does not open', async () => {
    const request = hello()
    const [manifest] = request.modelManifests
    const wrong = { ...manifest!, decryptionKey: '4NwWkjRhm1zUH1TQrSZ8Yvf5kVtx9xH6AgTJnNsKPrNe' }
    const { headers } = await ask({ ...request, modelManifests: [wrong] })
    expect(headers['grpc-status']).toBe('13')
    expect(decodeURIComponent(headers['grpc-message']!)).toMatch(/^Runtime competition error: Model error/)
  })
})
