import { createServer as createHttp2Server } from 'node:http2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  AdvanceEpochResponse,
  GasRequest,
  GasResponse,
  HealthResponse,
} from '../../src/chain/bcs/service-messages.ts'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { type ListeningServer, listen } from '../practice/listen.ts'
import { serveBcs } from '../practice/serve-bcs.ts'
import { adminMethods, faucetMethods, scoringMethods } from '../practice/services.ts'
import { createTestNetwork } from '../practice/test-network.ts'
import { openBridge } from './test-bridge.ts'

let network: PracticeNetwork
let services: ListeningServer
let bridge: Awaited<ReturnType<typeof openBridge>>
let host: string

beforeAll(async () => {
  network = (await createTestNetwork(new Uint8Array(3), new Uint8Array(32).fill(7))).network
  const methods = {
    ...faucetMethods(() => network),
    ...adminMethods(() => network.advanceEpoch()),
    ...scoringMethods(() => Promise.reject(new Error('no scorer here'))),
  }
  services = await serveBcs(methods, 0, '127.0.0.1')
  host = `http://127.0.0.1:${services.port}`
  bridge = await openBridge({ connectHosts: [host, 'http://10.0.0.5:9125'] })
})

afterAll(() => {
  bridge.close()
  return services.close()
})

const at = (service: string, origin = host) => `/bridge/${service}?host=${encodeURIComponent(origin)}`
const recipient = '7573c697fa68450f04fa0dee2d39dcdc8a5ccf5db547f3e47638a6f8eeeec110'
const gas = GasRequest.serialize({ recipient }).toBytes()

describe('services behind the bridge', () => {
  it('the faucet pays', async () => {
    const { status, body, headers } = await bridge.ask('POST', at('faucet'), {}, gas)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('application/octet-stream')
    expect(GasResponse.parse(body)).toMatchObject({
      status: 'Success',
      coinsSent: [{ amount: 2_000_000_000n }],
    })
    expect(network.balance(`0x${recipient}`)).toBe(2_000_000_000n)
  })

  it('scoring answers, and the epoch ends', async () => {
    const health = await bridge.ask('POST', at('scoring-health'), {}, new Uint8Array())
    expect(HealthResponse.parse(health.body)).toEqual({ ok: true })
    const epoch = network.epoch()
    const { body } = await bridge.ask('POST', at('advance-epoch'), {}, new Uint8Array())
    expect(AdvanceEpochResponse.parse(body)).toEqual({ epoch: epoch + 1n })
  })

  it('faucet and admin are found without a coin or an epoch', async () => {
    const [epoch, balance] = [network.epoch(), network.balance(`0x${recipient}`)]
    for (const name of ['faucet-health', 'admin-health']) {
      const { status, body } = await bridge.ask('POST', at(name), {}, new Uint8Array())
      expect([status, HealthResponse.parse(body)]).toEqual([200, { ok: true }])
    }
    expect([network.epoch(), network.balance(`0x${recipient}`)]).toEqual([epoch, balance])
  })

  it.each([
    ['faucet-health', 'an admin', () => adminMethods(() => network.advanceEpoch())],
    ['admin-health', 'a faucet', () => faucetMethods(() => network)],
    ['admin-health', 'no service', () => ({})],
  ])('%s: %s is not taken for it, nor what does not answer', async (asked, _name, methods) => {
    const epoch = network.epoch()
    const other = await serveBcs(methods(), 0, '127.0.0.1')
    const origin = `http://127.0.0.1:${other.port}`
    const near = await openBridge({ connectHosts: [origin] })
    const found = await near.ask('POST', at(asked, origin), {}, new Uint8Array())
    expect(found).toMatchObject({
      status: 502,
      code: 'refused',
      message: expect.stringMatching(/answers at .*, but not an? (faucet|admin)\.$/),
    })
    await other.close()
    const gone = await near.ask('POST', at(asked, origin), {}, new Uint8Array())
    expect(gone).toMatchObject({ status: 502, code: 'network' })
    near.close()
    expect(network.epoch()).toBe(epoch)
  })

  it('asks a method that has an effect only where methods are told apart, and never with a message', async () => {
    const asked: [path: string, bytes: number][] = []
    let code = '13'
    const other = createHttp2Server().on('stream', (stream, headers) => {
      let bytes = 0
      stream.on('data', (part: Buffer) => (bytes += part.length))
      stream.on('end', () => {
        asked.push([headers[':path'] ?? '', bytes])
        stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': code })
        stream.end()
      })
    })
    const { port, close } = await listen(other, 0, '127.0.0.1', () => {})
    const near = await openBridge({ connectHosts: [`http://127.0.0.1:${port}`] })
    const ask = () => near.ask('POST', at('admin-health', `http://127.0.0.1:${port}`), {}, new Uint8Array())
    expect((await ask()).status).toBe(502)
    code = '12'
    expect((await ask()).status).toBe(502)
    expect(asked).toEqual([
      ['/admin.Admin/IsThere', 0],
      ['/admin.Admin/IsThere', 0],
      ['/admin.Admin/AdvanceEpoch', 0],
    ])
    near.close()
    await close()
  })

  it('a page that gives up ends the call to the service', async () => {
    const slow = createHttp2Server()
    const ended = new Promise<void>((resolve) => slow.on('stream', (stream) => stream.on('close', resolve)))
    const called = new Promise<void>((resolve) => slow.on('stream', () => resolve()))
    const { port, close } = await listen(slow, 0, '127.0.0.1', () => {})
    const near = await openBridge({ connectHosts: [`http://127.0.0.1:${port}`] })
    const page = `http://127.0.0.1:${near.port}`
    const leaving = new AbortController()
    const asked = fetch(`${page}${at('score', `http://127.0.0.1:${port}`)}`, {
      method: 'POST',
      headers: { origin: page, 'sec-fetch-site': 'same-origin', 'content-type': 'application/octet-stream' },
      body: 'x',
      signal: leaving.signal,
    })
    await called
    leaving.abort()
    await expect(asked).rejects.toThrow()
    await ended
    near.close()
    await close()
  })

  it('tells which hosts it reaches', async () => {
    const { hosts } = JSON.parse((await bridge.ask('GET', '/bridge')).body.toString())
    expect(hosts).toContain(host)
    expect(hosts).toContain('http://127.0.0.1:9123')
    expect(hosts).toContain('https://faucet.testnet.soma.org')
  })

  it('passes a refusal on with its code and words', async () => {
    const bad = GasRequest.serialize({ recipient: 'xyz' }).toBytes()
    const { status, body } = await bridge.ask('POST', at('faucet'), {}, bad)
    expect(status).toBe(502)
    expect(JSON.parse(body.toString()).error).toMatchObject({
      code: 'refused',
      grpcCode: 3,
      message: expect.stringContaining('Invalid address'),
    })
  })

  it('a service that is not there is a sentence', async () => {
    const gone = await serveBcs({}, 0, '127.0.0.1')
    await gone.close()
    const lonely = await openBridge({ connectHosts: [`http://127.0.0.1:${gone.port}`] })
    const answer = await lonely.ask('POST', at('faucet', `http://127.0.0.1:${gone.port}`), {}, gas)
    expect(answer).toMatchObject({ status: 502, code: 'network' })
    expect(answer.message).toMatch(/did not answer as gRPC over HTTP\/2/)
    lonely.close()
  })
})

describe('who may ask', () => {
  const balance = () => network.balance(`0x${recipient}`)
  it.each([
    ['a name that was rebound to this machine', { host: 'evil.example:PORT' }],
    ['another port of this machine', { host: '127.0.0.1:1' }],
    ['no host', { host: '' }],
    ['a host with a path in it', { host: '127.0.0.1:PORT/x@evil' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of this machine at another port', { origin: 'http://127.0.0.1:1' }],
    ['a page of another name for this machine', { origin: 'http://localhost:PORT' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a POST that hides where it comes from', { origin: undefined }],
    ['a request that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a request that the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
    ['an address that was typed in', { 'sec-fetch-site': 'none' }],
    ['a program that is no browser', { 'sec-fetch-site': undefined }],
  ])('refused: %s', async (_name, changes) => {
    const before = balance()
    const port = String(bridge.port)
    const sent = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, value?.replace('PORT', port)]),
    )
    const answer = await bridge.ask('POST', at('faucet'), sent, gas)
    expect(answer.status === 403 || (sent['host'] === '' && answer.status === 400)).toBe(true)
    expect(balance()).toBe(before)
  })

  it('localhost is as good a name as the number, if all agree', async () => {
    const name = `localhost:${bridge.port}`
    const sent = { host: name, origin: `http://${name}` }
    expect((await bridge.ask('POST', at('faucet'), sent, gas)).status).toBe(200)
  })

  it('no page of another origin is allowed to read', async () => {
    const { headers } = await bridge.ask('GET', '/bridge', { origin: `http://127.0.0.1:${bridge.port}` })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect((await bridge.ask('OPTIONS', at('faucet'))).status).toBe(405)
  })
})

describe('what may be asked', () => {
  it.each([
    ['a host that nobody configured', at('faucet', 'http://127.0.0.1:1'), 403],
    ['a host with another scheme', at('faucet', 'https://127.0.0.1:9123'), 403],
    ['a host that is no URL', at('faucet', '127.0.0.1'), 400],
    ['no host', '/bridge/faucet', 400],
    ['the admin of a host that is not this machine', at('advance-epoch', 'http://10.0.0.5:9125'), 403],
    ['whether such an admin is there', at('admin-health', 'http://10.0.0.5:9125'), 403],
    ['whether a faucet that nobody configured is there', at('faucet-health', 'http://127.0.0.1:1'), 403],
    ['a service that does not exist', at('shutdown'), 404],
    ['a model without an id', '/bridge/model/', 404],
    ['a model by a short id', '/bridge/model/0x12', 404],
  ])('refused: %s', async (_name, path, status) => {
    const answer = await bridge.ask('POST', path, {}, gas)
    expect(answer.status).toBe(status)
    expect(answer.message).toMatch(/\.$/)
  })

  it('refused: another method', async () => {
    expect((await bridge.ask('GET', at('faucet'))).status).toBe(405)
    expect((await bridge.ask('POST', '/bridge', {}, gas)).status).toBe(405)
    expect((await bridge.ask('POST', `/bridge/model/${'a'.repeat(64)}?rpc=x`, {}, gas)).status).toBe(405)
  })

  it('refused: a form, which a page of another site could send', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', undefined]) {
      expect((await bridge.ask('POST', at('faucet'), { 'content-type': type }, gas)).status).toBe(415)
    }
  })

  it('refused: a payload without end', async () => {
    const answer = await bridge.ask('POST', at('faucet'), {}, new Uint8Array(1024 * 1024 + 1))
    expect(answer).toMatchObject({ status: 413, code: 'bad-input' })
  })
})
