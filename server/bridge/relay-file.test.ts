import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SomaId } from '../../src/chain/ids.ts'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { serveBothProtocols } from '../practice/dual-protocol-server.ts'
import type { ListeningServer } from '../practice/listen.ts'
import { createRpcHandler } from '../practice/rpc-handler.ts'
import { createTestNetwork } from '../practice/test-network.ts'
import type { BridgeLimits } from './create-bridge.ts'
import { openDownload } from './open-download.ts'
import { openBridge, openServer } from './test-bridge.ts'

const file = new TextEncoder().encode('weights of a model, encrypted')
/** Names of files.example's world; nothing is looked up outside. */
const names: Record<string, readonly string[]> = {
  'files.example': ['127.0.0.1'],
  'inside.example': ['192.168.0.9'],
  'both.example': ['127.0.0.1', '10.0.0.1'],
  'nowhere.example': [],
}
const resolve = async (name: string) => names[name] ?? []

let answer: (request: IncomingMessage, response: ServerResponse) => void
let seen: IncomingMessage[] = []
let files: Awaited<ReturnType<typeof openServer>>
let network: PracticeNetwork
let rpc: ListeningServer
const open: Awaited<ReturnType<typeof openBridge>>[] = []

beforeAll(async () => {
  files = await openServer((request, response) => {
    seen.push(request)
    answer(request, response)
  })
  const handler = createRpcHandler(
    () => network,
    () => undefined,
  )
  rpc = await serveBothProtocols(handler, 0, '127.0.0.1')
})

afterEach(() => {
  for (const bridge of open.splice(0)) bridge.close()
  seen = []
})

afterAll(() => {
  files.close()
  return rpc.close()
})

/** A network whose one model lies at `url` (PORT is the file server's), and the bridge's answer to who asks for it. */
async function fetchModel(
  url: string,
  more: {
    readonly headers?: Record<string, string>
    readonly limits?: Partial<BridgeLimits>
    readonly id?: SomaId
  } = {},
) {
  const made = await createTestNetwork(
    file,
    new Uint8Array(32).fill(7),
    url.replace('PORT', String(files.port)),
  )
  network = made.network
  const host = `http://127.0.0.1:${rpc.port}`
  const bridge = await openBridge({
    connectHosts: [host],
    resolve,
    ...(more.limits && { limits: more.limits }),
  })
  open.push(bridge)
  const path = `/bridge/model/${more.id ?? made.model.id}?rpc=${encodeURIComponent(host)}`
  return bridge.ask('GET', path, more.headers)
}

const send = (response: ServerResponse, body: Uint8Array = file) => response.end(body)
const redirect = (response: ServerResponse, location: string) => response.writeHead(302, { location }).end()

describe('files of a network', () => {
  it('come from where the registry says, as bytes and nothing else', async () => {
    answer = (_, response) => {
      response.setHeader('content-type', 'text/html')
      response.setHeader('set-cookie', 'a=b')
      send(response)
    }
    const { status, body, headers } = await fetchModel('http://127.0.0.1:PORT/m.enc')
    expect(status).toBe(200)
    expect(new Uint8Array(body)).toEqual(file)
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    expect(headers['set-cookie']).toBeUndefined()
    expect(seen[0]?.headers.cookie).toBeUndefined()
    expect(seen[0]?.headers.origin).toBeUndefined()
  })

  it('connect to the address that was checked, under the name that was asked', async () => {
    answer = (_, response) => send(response)
    const { status } = await fetchModel('http://files.example:PORT/m.enc')
    expect(status).toBe(200)
    expect(seen[0]?.headers.host).toBe(`files.example:${files.port}`)
  })

  it('follow redirects', async () => {
    answer = (request, response) =>
      request.url === '/m.enc' ? redirect(response, '/elsewhere') : send(response)
    expect((await fetchModel('http://files.example:PORT/m.enc')).status).toBe(200)
    expect(seen.map(({ url }) => url)).toEqual(['/m.enc', '/elsewhere'])
  })

  it('pass a range on', async () => {
    answer = (request, response) => {
      expect(request.headers.range).toBe('bytes=3-')
      response.writeHead(206, { 'content-range': `bytes 3-${file.length - 1}/${file.length}` })
      send(response, file.subarray(3))
    }
    const { status, body, headers } = await fetchModel('http://127.0.0.1:PORT/m.enc', {
      headers: { range: 'bytes=3-' },
    })
    expect(status).toBe(206)
    expect(headers['content-range']).toBe(`bytes 3-${file.length - 1}/${file.length}`)
    expect(new Uint8Array(body)).toEqual(file.subarray(3))
    expect(
      (await fetchModel('http://127.0.0.1:PORT/m.enc', { headers: { range: 'bytes=0-1,3-4' } })).status,
    ).toBe(400)
  })
})

describe('where the bridge does not go', () => {
  it.each([
    ['a private address', 'http://10.0.0.1/m'],
    ['the cloud’s metadata', 'http://169.254.169.254/latest'],
    ['a name with a private address', 'http://inside.example/m'],
    ['a name with one good and one private address', 'http://both.example:PORT/m'],
    ['what is not http', 'ftp://files.example/m'],
    ['a file of this machine', 'file:///etc/hosts'],
  ])('%s', async (_name, url) => {
    answer = (_, response) => send(response)
    const { status, code } = await fetchModel(url)
    expect({ status, code }).toEqual({ status: 403, code: 'refused' })
    expect(seen).toEqual([])
  })

  it.each([
    ['a private address', 'http://192.168.0.1/m'],
    ['a private address in another spelling', 'http://0x0a000001/m'],
    ['IPv6 that carries a private address', 'http://[::ffff:10.0.0.1]/m'],
    ['a name with a private address', 'http://inside.example/m'],
    ['what is not http', 'file:///etc/hosts'],
  ])('%s, by a redirect', async (_name, location) => {
    answer = (_, response) => redirect(response, location)
    const { status, code } = await fetchModel('http://files.example:PORT/m.enc')
    expect({ status, code }).toEqual({ status: 403, code: 'refused' })
  })

  it('nowhere, where a redirect leads', async () => {
    for (const headers of [{}, { location: 'http://[' }]) {
      answer = (_, response) => response.writeHead(302, headers).end()
      const { status, message } = await fetchModel('http://127.0.0.1:PORT/m.enc')
      expect(status).toBe(502)
      expect(message).toContain('redirects to nowhere')
    }
  })

  it('in circles', async () => {
    answer = (_, response) => redirect(response, '/m.enc')
    const { status, message } = await fetchModel('http://127.0.0.1:PORT/m.enc')
    expect(status).toBe(502)
    expect(message).toContain('more than 5 times')
    expect(seen).toHaveLength(6)
  })
})

describe('what the bridge does not pass on', () => {
  it('a file that is announced larger than the registry says', async () => {
    answer = (_, response) => send(response, new Uint8Array(file.length + 1))
    const { status, code } = await fetchModel('http://127.0.0.1:PORT/m.enc')
    expect({ status, code }).toEqual({ status: 502, code: 'corrupt' })
  })

  it('a byte more than the registry says', async () => {
    answer = (_, response) => {
      response.write(file)
      response.write(new Uint8Array(1000))
      response.end()
    }
    await expect(fetchModel('http://127.0.0.1:PORT/m.enc')).rejects.toThrow()
  })

  it('a file above the limit', async () => {
    answer = (_, response) => send(response)
    const { status } = await fetchModel('http://127.0.0.1:PORT/m.enc', { limits: { fileBytes: 10 } })
    expect(status).toBe(413)
    expect(seen).toEqual([])
  })

  it('what takes too long', async () => {
    answer = () => undefined
    const idle = await fetchModel('http://127.0.0.1:PORT/m.enc', { limits: { idleMs: 60 } })
    expect(idle).toMatchObject({ status: 502, code: 'network' })
    answer = (_, response) => void response.write(file.subarray(0, 3))
    const cut = await fetchModel('http://127.0.0.1:PORT/m.enc', { limits: { fileMs: 400 } }).catch(
      (error) => error,
    )
    // The time may be over before the first byte: then there is an answer to give.
    if (!(cut instanceof Error)) expect(cut.status).toBe(502)
  })

  it('more files at once than the limit', async () => {
    answer = (_, response) => send(response)
    const { status, message } = await fetchModel('http://127.0.0.1:PORT/m.enc', { limits: { files: 0 } })
    expect(status).toBe(503)
    expect(message).toContain('running already')
  })

  it('the error page of a host, or the silence of none', async () => {
    answer = (_, response) => response.writeHead(404).end('<h1>no</h1>')
    expect((await fetchModel('http://127.0.0.1:PORT/m.enc')).message).toContain('HTTP 404')
    expect((await fetchModel('http://nowhere.example/m.enc')).message).toContain('has no address')
    expect((await fetchModel('http://127.0.0.1:1/m.enc')).code).toBe('network')
  })

  it('a name that the system does not know', async () => {
    const options = { allows: () => true, idleMs: 1000, signal: AbortSignal.timeout(5000) }
    await expect(openDownload('http://a..b/m', options)).rejects.toMatchObject({
      status: 502,
      code: 'network',
      message: expect.stringContaining('a..b cannot be resolved'),
    })
  })

  it('what lies behind the end of a file', async () => {
    answer = (_, response) => response.writeHead(416, { 'content-range': 'bytes */3' }).end('no')
    const { status, body } = await fetchModel('http://127.0.0.1:PORT/m.enc', {
      headers: { range: 'bytes=99-' },
    })
    expect([status, body.length]).toEqual([416, 0])
  })

  it('anything of a network that does not answer', async () => {
    const gone = await openServer(() => undefined)
    gone.close()
    const rpcOrigin = `http://127.0.0.1:${gone.port}`
    const bridge = await openBridge({ connectHosts: [rpcOrigin], resolve })
    open.push(bridge)
    const path = `/bridge/model/${'ab'.repeat(32)}?rpc=${encodeURIComponent(rpcOrigin)}`
    expect(await bridge.ask('GET', path)).toMatchObject({ status: 502, code: 'network' })
  })

  it('models and targets that the network does not have', async () => {
    const none = await fetchModel('http://127.0.0.1:PORT/m.enc', { id: `0x${'ab'.repeat(32)}` })
    expect(none).toMatchObject({ status: 404, code: 'not-found' })
    const [bridge] = open
    const host = encodeURIComponent(`http://127.0.0.1:${rpc.port}`)
    const target = await bridge!.ask('GET', `/bridge/data/${'ab'.repeat(32)}?rpc=${host}`)
    expect(target.status).toBe(404)
    const stranger = await bridge!.ask('GET', `/bridge/data/${'ab'.repeat(32)}?rpc=http://10.0.0.7:9000`)
    expect(stranger.status).toBe(403)
  })
})
