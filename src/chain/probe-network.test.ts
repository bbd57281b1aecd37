import { describe, expect, it } from 'vitest'
import { GasResponse, HealthResponse } from './bcs/service-messages.ts'
import { createBridgeClient } from './bridge-client.ts'
import type { ChainClient } from './chain-client.ts'
import { connectNetwork } from './create-chain-client.ts'
import { customNetwork, localnet, type Network, testnet, withUrls } from './networks.ts'
import { asksForLocalNetwork, isMixedContent } from './page-reach.ts'
import { probeNetwork } from './probe-network.ts'
import { loadExchange, replayClient } from './test-exchanges.ts'

const state = await replayClient('507').systemState()
const node: Partial<ChainClient> = {
  serviceInfo: () => replayClient('003').serviceInfo(),
  systemState: async () => state,
  object: (id) => replayClient('027').object(id),
}
const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } })
const octets = (bytes: Uint8Array) =>
  new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': 'application/octet-stream' } })

/** A page's server with a bridge to these origins. */
const bridged = (hosts: string[], answer = octets(HealthResponse.serialize({ ok: true }).toBytes())) =>
  createBridgeClient('http://127.0.0.1:4173/', async (input) =>
    new URL(String(input)).pathname === '/bridge' ? json({ hosts }) : answer.clone(),
  )
const unbridged = createBridgeClient(
  'https://studio.example/',
  async () => new Response('no', { status: 404 }),
)

async function probe(network: Network, change: Partial<ChainClient> = {}, tools: object = {}) {
  const report = await probeNetwork(network, {
    client: { ...node, ...change } as ChainClient,
    bridge: unbridged,
    page: 'http://127.0.0.1:4173/',
    fetch: async () => {
      throw new TypeError('Failed to fetch')
    },
    ...tools,
  })
  const by = Object.fromEntries(report.items.map(({ name, ok, detail }) => [name, { ok, detail }]))
  return { report, by: (name: string) => by[name]! }
}

describe('what a network can do', () => {
  it('all of it, on a localnet with a bridge', async () => {
    const hosts = ['http://127.0.0.1:9123', 'http://127.0.0.1:9124', 'http://127.0.0.1:9125']
    const { report } = await probe(localnet, {}, { bridge: bridged(hosts) })
    expect(report.items.map(({ name, ok }) => [name, ok])).toEqual(
      ['reachable', 'cors', 'reasons', 'chain', 'protocol', 'registry', 'faucet', 'scoring', 'admin'].map(
        (name) => [name, true],
      ),
    )
    expect(report.modelActionsBlocked).toBeNull()
    const said = (name: string) => report.items.find((item) => item.name === name)!.detail
    expect(said('admin')).toContain('it was not called, since that ends one')
    expect(said('faucet')).toContain('it was not called, since that pays')
  })
  it('a reason for each no: nothing there', async () => {
    const down = connectNetwork(localnet, async () => {
      throw new TypeError('Failed to fetch')
    })
    const { report, by } = await probe(localnet, { serviceInfo: down.serviceInfo })
    expect(by('reachable')).toMatchObject({ ok: false, detail: expect.stringContaining('Nothing answers') })
    expect(by('registry').ok).toBeNull()
    expect(report.modelActionsBlocked).toContain('Nothing answers')
    expect(by('faucet').detail).toContain('no bridge')
  })
  it('there, but closed to pages', async () => {
    const closed = connectNetwork(localnet, async () => {
      throw new TypeError('Failed to fetch')
    })
    const opaque = { fetch: async () => new Response() }
    const { by } = await probe(localnet, { serviceInfo: closed.serviceInfo }, opaque)
    expect([by('reachable').ok, by('cors').ok]).toEqual([true, false])
  })
  it('something else answers', async () => {
    const page = connectNetwork(
      localnet,
      async () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    )
    const { by } = await probe(localnet, { serviceInfo: page.serviceInfo })
    expect(by('reachable')).toMatchObject({ ok: false })
  })
  it('reasons of a node of another origin are hidden', async () => {
    const { by } = await probe(testnet, { object: (id) => replayClient('027', false).object(id) })
    expect(by('reasons')).toMatchObject({ ok: false, detail: expect.stringContaining('hidden') })
  })
  it('a later protocol, or no registry, has no models', async () => {
    const later = await probe(testnet, { systemState: async () => ({ ...state, protocolVersion: 7n }) })
    expect(later.by('protocol').ok).toBe(false)
    expect(later.report.modelActionsBlocked).toContain('protocol version 7')
    const without = await probe(testnet, { systemState: async () => ({ ...state, hasModelRegistry: false }) })
    expect(without.by('registry').ok).toBe(false)
    expect(without.report.modelActionsBlocked).not.toBeNull()
  })
  it('http behind an https page, no address, a host that the bridge may not reach', async () => {
    const far = customNetwork('far', 'Far', {
      rpc: 'http://node.example:9000',
      faucet: 'http://node.example:9123',
    })
    const page = 'https://studio.example/'
    expect((await probe(far, {}, { page })).by('reachable').detail).toContain('https')
    expect((await probe({ ...testnet, urls: {} })).by('reachable').detail).toContain('No address')
    const { by } = await probe(far, {}, { bridge: bridged(['http://127.0.0.1:9123']) })
    expect(by('faucet').detail).toContain('--connect http://node.example:9123')
    expect(by('scoring').detail).toBe('No address is given.')
  })
})

describe('the bridge', () => {
  it('asks in BCS and reads what a real faucet said', async () => {
    const { body } = loadExchange('040-faucet').response
    const asked: [string, string][] = []
    const bridge = createBridgeClient('http://127.0.0.1:4173/studio/', async (input, init) => {
      asked.push([String(input), String(init?.method)])
      return octets(body.slice(5))
    })
    const coins = await bridge.requestGas('http://127.0.0.1:9123/x', '0x7')
    expect(coins[0]!.amount).toBe(2_000_000_000n)
    expect(asked).toEqual([
      ['http://127.0.0.1:4173/studio/bridge/faucet?host=http%3A%2F%2F127.0.0.1%3A9123', 'POST'],
    ])
  })
  it('passes on what the bridge says, and says where there is none', async () => {
    const error = { code: 'refused', message: 'That host is not configured.', hint: 'Configure it.' }
    const refusing = createBridgeClient('http://x/', async () => json({ error }, 403))
    await expect(refusing.advanceEpoch('http://127.0.0.1:9125')).rejects.toMatchObject(error)
    await expect(unbridged.advanceEpoch('http://127.0.0.1:9125')).rejects.toMatchObject({
      code: 'unsupported',
    })
    expect(await unbridged.hosts()).toBeNull()
    const empty = octets(GasResponse.serialize({ status: 'Empty', coinsSent: [] }).toBytes())
    await expect(bridged([], empty).requestGas('http://127.0.0.1:9123', '0x1')).rejects.toThrow(/Empty/)
  })
})

it('knows what browsers ask and forbid', () => {
  const [hosted, own] = ['https://studio.example/', 'http://127.0.0.1:4173/']
  expect(asksForLocalNetwork(hosted, localnet.urls.rpc!)).toBe(true)
  expect(asksForLocalNetwork(hosted, 'http://192.168.1.5:9000')).toBe(true)
  expect(asksForLocalNetwork(own, localnet.urls.rpc!)).toBe(false)
  expect(asksForLocalNetwork(hosted, testnet.urls.rpc!)).toBe(false)
  expect(isMixedContent(hosted, 'http://node.example')).toBe(true)
  expect(isMixedContent(hosted, localnet.urls.rpc!)).toBe(false)
  expect(isMixedContent(own, 'http://node.example')).toBe(false)
})

it('addresses can be edited, and are checked', () => {
  const edited = withUrls(localnet, { rpc: ' http://127.0.0.1:9999/ ', faucet: '' })
  expect(edited.urls).toEqual({ rpc: 'http://127.0.0.1:9999' })
  expect(() => withUrls(localnet, { rpc: 'ftp://x' })).toThrow(/not a web address/)
  expect(() => customNetwork('c', ' ', {})).toThrow(/no name/)
  expect(() => withUrls(testnet, {})).toThrow(/no address of a full node/)
})
