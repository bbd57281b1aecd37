import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { serveBothProtocols } from './dual-protocol-server.ts'
import type { ListeningServer } from './listen.ts'
import { createProxyRoute } from './proxy-route.ts'
import { createRpcHandler } from './rpc-handler.ts'
import { serveBcs } from './serve-bcs.ts'
import { adminMethods, faucetMethods, scoringMethods } from './services.ts'
import { createTestNetwork } from './test-network.ts'
import { type RecordedExchange, recorded, recordedNames, replay, sendHttp1, sendHttp2 } from './test-wire.ts'

/** What a real node answered to requests that need no state of its own: ours must be told apart by nothing but values. */

let network: PracticeNetwork
let rpc: ListeningServer
let beside: ListeningServer

beforeAll(async () => {
  network = (await createTestNetwork(new Uint8Array(3), new Uint8Array(32).fill(7))).network
  const live = () => network
  const proxy = createProxyRoute(live, () => Promise.reject(new Error('no network in tests')))
  rpc = await serveBothProtocols(createRpcHandler(live, proxy), 0, '127.0.0.1')
  const methods = {
    ...faucetMethods(live),
    ...adminMethods(() => network.advanceEpoch()),
    ...scoringMethods(() => Promise.reject(new Error('not asked'))),
  }
  beside = await serveBcs(methods, 0, '127.0.0.1')
})

afterAll(() => Promise.all([rpc.close(), beside.close()]))

const portFor = ({ request }: RecordedExchange) =>
  /^\/(faucet|admin|scoring)\./.test(request.path) ? beside.port : rpc.port

/** Header fields whose values are free but whose form is not. */
const forms: Readonly<Record<string, RegExp>> = {
  date: /GMT$/,
  server: /^soma-\w+\/[\d.]+$/,
  'content-length': /^\d+$/,
  'x-soma-chain': /^[a-z]+$/,
  'x-soma-chain-id': /^[0-9a-f]{8}$/,
  'x-soma-timestamp': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
}

function formOf(fields: Iterable<readonly [string, string]>) {
  return Object.fromEntries(
    [...fields].map(([name, value]) => {
      const form = forms[name] ?? (name.startsWith('x-soma-') ? /^\d+$/ : undefined)
      if (form === undefined) return [name, value]
      expect(value).toMatch(form)
      return [name, String(form)]
    }),
  )
}

const grpcFields = (fields: Iterable<readonly [string, string]>) =>
  Object.fromEntries([...fields].map(([name, value]) => [name.replace('(trailer) ', ''), value]))

/** Frames of a gRPC body: flags, and the text of trailers. */
function frames(body: Buffer): string[] {
  const seen: string[] = []
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at + 1)
    const payload = body.subarray(at + 5, at + 5 + length)
    seen.push(
      body[at] === 0x80 ? payload.toString('latin1') : `message ${length > 0 ? 'with' : 'without'} fields`,
    )
    at += 5 + length
  }
  return seen
}

function text(body: Buffer): string[] {
  const parts = body.toString('latin1').match(/[A-Za-z0-9+/]+=*/g) ?? []
  return parts.flatMap((part) => frames(Buffer.from(part, 'base64')))
}

describe('recorded requests are answered as a node answers them', () => {
  it.each(recordedNames('transport'))('%s', async (name) => {
    const exchange = recorded('transport', name)
    const theirs = exchange.response
    const ours = await replay(exchange, portFor(exchange))
    expect(ours.status).toBe(theirs.status)

    const trailers = [
      ...(theirs.trailers ?? []),
      ...theirs.headers.filter(([field]) => field.startsWith('(trailer)')),
    ]
    const headers = theirs.headers.filter(([field]) => !field.startsWith('(trailer)'))
    expect(formOf(Object.entries(ours.headers))).toEqual(formOf(headers))
    expect(ours.trailers).toEqual(grpcFields(trailers))

    const body = Buffer.from(theirs.body_base64 ?? '', 'base64')
    const type = ours.headers['content-type'] ?? ''
    if (type.startsWith('application/grpc-web-text')) expect(text(ours.body)).toEqual(text(body))
    else if (type.startsWith('application/grpc')) expect(frames(ours.body)).toEqual(frames(body))
    else if (ours.status === 502)
      expect(ours.body.toString()).toMatch(/^Failed to fetch from validators: All 1 /)
    else expect(ours.body.toString()).toBe(body.toString())
  })
})

const web = { 'content-type': 'application/grpc-web+proto' }
const grpc = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' }
const info = '/soma.rpc.LedgerService/GetServiceInfo'
const epoch = '/soma.rpc.LedgerService/GetEpoch'

describe('badly formed calls', () => {
  const framed = (payload: readonly number[], length = payload.length) => {
    const head = Buffer.alloc(5)
    head.writeUInt32BE(length, 1)
    return Buffer.concat([head, Buffer.from(payload)])
  }
  it.each([
    ['no frame', Buffer.alloc(0), '13', 'Missing request message.'],
    ['half a frame header', Buffer.from([0, 0, 0]), '13', 'Unexpected EOF decoding stream.'],
    ['half a message', framed([8], 2), '13', 'Unexpected EOF decoding stream.'],
    ['a compressed message', Buffer.from([1, 0, 0, 0, 0]), '13', 'compressed-flag but no grpc-encoding'],
    ['an unknown flag', Buffer.from([9, 0, 0, 0, 0]), '13', 'invalid compression flag: 9'],
    ['a message of 4 GiB', framed([], 0xffff_ffff), '11', 'decoded message length too large'],
    ['no protobuf', framed([0x12, 0x7f, 0xff]), '13', 'failed to decode Protobuf message'],
  ])('%s', async (_name, body, status, message) => {
    const overWeb = await sendHttp1(rpc.port, 'POST', epoch, web, body)
    const overGrpc = await sendHttp2(rpc.port, epoch, grpc, body)
    for (const reply of [overWeb, overGrpc]) {
      expect(reply.status).toBe(200)
      expect(reply.headers['grpc-status']).toBe(status)
      expect(decodeURIComponent(reply.headers['grpc-message'] ?? '')).toContain(message)
      expect(reply.body).toHaveLength(0)
    }
  })

  it('a body that is longer than any message is not read to its end', async () => {
    const endless = Buffer.alloc(6 * 1024 * 1024)
    endless.writeUInt32BE(endless.length, 1)
    const reply = await sendHttp1(rpc.port, 'POST', epoch, web, endless).catch((error: Error) => error)
    if (!(reply instanceof Error)) expect(reply.headers['grpc-status']).toBe('11')
  })

  it('a service that nobody has is 404, a method 12', async () => {
    expect((await sendHttp1(rpc.port, 'POST', '/soma.rpc.Nothing/Get', web)).status).toBe(404)
    const method = await sendHttp2(rpc.port, '/soma.rpc.StateService/Nope', grpc, Buffer.alloc(5))
    expect(method.headers['grpc-status']).toBe('12')
    expect(
      (await sendHttp2(beside.port, '/faucet.Faucet/Nope', grpc, Buffer.alloc(5))).headers['grpc-status'],
    ).toBe('12')
  })

  it('what is no HTTP at all ends the connection, and the server lives', async () => {
    const { connect } = await import('node:net')
    for (const junk of ['PRI * HTTP/2.0\r\n\r\nXX', '\x16\x03\x01\x02\x00\x01', 'GET']) {
      await new Promise<void>((resolve) => {
        const socket = connect(rpc.port, '127.0.0.1', () => socket.end(junk))
        socket.on('error', () => resolve())
        socket.on('close', () => resolve())
        socket.resume()
      })
    }
    expect((await sendHttp1(rpc.port, 'POST', info, web, Buffer.alloc(5))).status).toBe(200)
  })
})

describe('one port', () => {
  it('knows HTTP/2 even where its preface comes byte by byte', async () => {
    const { connect } = await import('node:net')
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
    const bytes = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), settings])
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect({ port: rpc.port, host: '127.0.0.1', noDelay: true }, async () => {
        for (const byte of bytes) {
          socket.write(Uint8Array.of(byte))
          await new Promise((sent) => setImmediate(sent))
        }
      })
      socket.once('data', (chunk) => {
        resolve(chunk)
        socket.destroy()
      })
      socket.once('error', reject)
    })
    // The server's own SETTINGS frame.
    expect(answer[3]).toBe(4)
  })

  it('serves a model’s bytes, and refuses other methods there', async () => {
    const { network: hosted, model } = await createTestNetwork(
      Uint8Array.of(1, 2, 3),
      new Uint8Array(32).fill(7),
    )
    const fetched = async () => new Response(Uint8Array.of(1, 2, 3))
    const handler = createRpcHandler(
      () => hosted,
      createProxyRoute(() => hosted, fetched),
    )
    const server = await serveBothProtocols(handler, 0, '127.0.0.1')
    const path = `/model/${model.id}`
    expect((await sendHttp1(server.port, 'GET', path, {})).body).toEqual(Buffer.of(1, 2, 3))
    expect((await sendHttp2(server.port, path, { ':method': 'GET' })).body).toEqual(Buffer.of(1, 2, 3))
    expect((await sendHttp1(server.port, 'POST', path, {})).status).toBe(405)
    await server.close()
  })

  it('a file that is not the registry’s is not passed on', async () => {
    const { network: hosted, model } = await createTestNetwork(
      Uint8Array.of(1, 2, 3),
      new Uint8Array(32).fill(7),
    )
    const answers: Record<string, () => Promise<Response>> = {
      'checksum mismatch': async () => new Response(Uint8Array.of(1, 2, 4)),
      'size mismatch: expected 3 bytes, got 2': async () => new Response(Uint8Array.of(1, 2)),
      'HTTP 404': async () => new Response('no', { status: 404 }),
    }
    for (const [reason, fetched] of Object.entries(answers)) {
      const { status, body } = (await createProxyRoute(() => hosted, fetched)(`/model/${model.id}`))!
      expect(status).toBe(502)
      expect(body).toContain(reason)
    }
  })
})

describe('checkpoints', () => {
  const path = '/soma.rpc.SubscriptionService/SubscribeCheckpoints'
  const mask = Buffer.from(JSON.parse('"\\n\\u0011\\n\\u000fsequence_number"'), 'latin1')
  const body = Buffer.concat([Buffer.from([0, 0, 0, 0, mask.length]), mask])

  it('stream over HTTP/2: headers first, then each checkpoint that follows', async () => {
    const { connect } = await import('node:http2')
    const session = connect(`http://127.0.0.1:${rpc.port}`)
    const stream = session.request({ ':path': path, ...grpc })
    stream.end(body)
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve))
    expect(headers['content-type']).toBe('application/grpc')
    const before = network.checkpoint
    const first = new Promise<Buffer>((resolve) => stream.once('data', resolve))
    network.faucet(`0x${'12'.repeat(32)}`)
    expect((await first)[6]).toBe(Number(before + 1n))
    session.destroy()
  })

  it('stream over gRPC-web too', async () => {
    const abort = new AbortController()
    const response = await fetch(`http://127.0.0.1:${rpc.port}${path}`, {
      method: 'POST',
      headers: web,
      body,
      signal: abort.signal,
    })
    const reader = response.body!.getReader()
    const first = reader.read()
    network.faucet(`0x${'12'.repeat(32)}`)
    expect((await first).value![6]).toBe(Number(network.checkpoint))
    abort.abort()
  })
})
