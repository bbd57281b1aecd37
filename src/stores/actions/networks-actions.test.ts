import { afterEach, expect, it, vi } from 'vitest'
import type { BridgeClient } from '../../chain/bridge-client.ts'
import type { ChainClient } from '../../chain/chain-client.ts'
import { connectNetwork } from '../../chain/create-chain-client.ts'
import type { Network } from '../../chain/networks.ts'
import { switchableClient } from '../../chain/switchable-client.ts'
import { loadExchange, replayClient } from '../../chain/test-exchanges.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { addActivity, createActivityStore } from '../activity-store.ts'
import { followActivity } from '../follow-activity.ts'
import { loadNetworks } from '../network-book.ts'
import { createNetworkStore } from '../network-store.ts'
import { createNetworksStore } from '../networks-store.ts'
import { createSetupStore } from '../setup-store.ts'
import { createWalletStore } from '../wallet-store.ts'
import { networkActions } from './network-actions.ts'
import { type NetworksParts, networksActions } from './networks-actions.ts'

afterEach(() => void vi.unstubAllGlobals())

const replay = replayClient
const practiceChain: Partial<ChainClient> = {
  serviceInfo: async () => ({ ...(await replay('003').serviceInfo()), chainId: 'practice' }),
  systemState: () => replay('022').systemState(),
  targets: async () => [],
  coins: async () => [],
  stakes: async () => [],
  object: (id) => replay('027').object(id),
}

/** A page with a practice worker that answers, and a localnet that answers what a real node once did. */
function open(page = 'http://127.0.0.1:4173/') {
  const called: string[] = []
  vi.stubGlobal('fetch', async (input: string) => {
    const { pathname } = new URL(String(input))
    called.push(pathname)
    const exchange =
      { GetServiceInfo: '003', GetEpoch: '507', ListOwnedObjects: '045', GetObject: '027' }[
        pathname.split('/').at(-1)!
      ] ?? 'none'
    if (exchange === 'none') throw new TypeError('Failed to fetch')
    const { body, headers } = loadExchange(exchange).response
    const kept = headers.filter(([name]) => /^(content-type|grpc-)/.test(name))
    return new Response(body as Uint8Array<ArrayBuffer>, { headers: kept })
  })
  const storage = memoryStore()
  const stores = {
    network: createNetworkStore(),
    networks: createNetworksStore(),
    activity: createActivityStore(),
    wallet: createWalletStore(),
    setup: createSetupStore(),
  }
  const asked: string[] = []
  const chain = switchableClient(practiceChain as ChainClient)
  const bridge: Partial<BridgeClient> = {
    hosts: async () => null,
    requestGas: async (host) => {
      asked.push(`gas ${host}`)
      return []
    },
    advanceEpoch: async (host) => {
      asked.push(`advance ${host}`)
      return 1n
    },
  }
  const parts = {
    stores,
    storage,
    page,
    connect: connectNetwork,
    chain: chain.client,
    switchChain: (client: ChainClient | null) => chain.use(client ?? (practiceChain as ChainClient)),
    bridge,
    practice: { call: async () => ({ models: [] }), onCrash: () => {}, restart: () => {} },
    wallet: () => ({ address: `0x${'07'.repeat(32)}` }),
    showAccountsOf: (shown: Network) => asked.push(`accounts of ${shown.id}`),
    assetUrl: (path: string) => path,
  } as unknown as NetworksParts
  const network = networkActions(parts, { recount: async () => {} } as never)
  return { stores, storage, called, asked, network, networks: networksActions(parts, network) }
}

it('starts on the practice network, changes to a localnet, and back', async () => {
  const { stores, called, networks, network, asked } = open()
  await networks.connectNetwork()
  expect(stores.network.getState()).toMatchObject({ status: 'ready', chainId: 'practice' })
  expect(stores.networks.getState().probe!.modelActionsBlocked).toBeNull()
  expect(called).toEqual([])

  await networks.chooseNetwork('localnet')
  const { system, status, modelActionsBlocked, error } = stores.network.getState()
  expect([status, error?.message]).toEqual(['failed', expect.stringContaining('targets')])
  expect(system).toBeNull()
  expect(modelActionsBlocked).toBeNull()
  const { probe } = stores.networks.getState()
  expect(probe!.items.find(({ name }) => name === 'registry')).toMatchObject({ ok: true })
  await network.advanceEpoch()
  await network.requestGas()
  expect(asked).toEqual([
    'accounts of practice',
    'accounts of localnet',
    'advance http://127.0.0.1:9125',
    'gas http://127.0.0.1:9123',
  ])

  await networks.chooseNetwork('practice')
  expect(stores.network.getState()).toMatchObject({ status: 'ready', chainId: 'practice' })
})

it('explains what Chrome will ask before anything is called', async () => {
  const { stores, called, networks, network } = open('https://studio.example/')
  await networks.chooseNetwork('localnet')
  expect(stores.networks.getState().probing).toBe('ask')
  await networks.probeNetwork()
  // Another account, or a button that reads: they are told, and call nothing either.
  await network.refreshAccount()
  await network.refreshNetwork()
  expect(stores.network.getState().error?.message).toContain('has not been called yet')
  expect(called).toEqual([])
  await networks.allowLocalNetwork()
  expect(stores.networks.getState().probe).not.toBeNull()
  expect(called.length).toBeGreaterThan(0)
})

it('keeps edited and added networks', async () => {
  const { stores, storage, networks } = open()
  await networks.saveNetwork('localnet', { rpc: 'http://127.0.0.1:9999' })
  await networks.addNetwork('Mine', { rpc: 'https://node.example' })
  expect(stores.networks.getState().current.name).toBe('Mine')
  await expect(networks.addNetwork('Bad', { rpc: 'ftp://x' })).rejects.toMatchObject({ code: 'bad-input' })
  const again = loadNetworks(storage)
  expect(again.map(({ id, urls }) => [id, urls.rpc])).toEqual([
    ['practice', undefined],
    ['localnet', 'http://127.0.0.1:9999'],
    ['testnet', 'https://fullnode.testnet.soma.org'],
    ['custom-1', 'https://node.example'],
  ])
  await networks.removeNetwork('custom-1')
  expect(stores.networks.getState().current.kind).toBe('practice')
  await networks.resetNetwork('localnet')
  expect(loadNetworks(storage)).toHaveLength(3)
  storage.set('networks', [{ id: 'x' }, 7, { id: 'testnet', name: 'T', urls: { rpc: 'javascript:1' } }])
  expect(loadNetworks(storage)[2]!.urls.rpc).toBe('https://fullnode.testnet.soma.org')
})

it('lists what accounts do, newest first, and tells of a new epoch', async () => {
  const stop = new AbortController()
  const store = createActivityStore()
  const onEpoch = vi.fn(() => stop.abort())
  const view = await replay('608').checkpoint(56n)
  const client = {
    async *subscribe() {
      yield view
      yield { ...view, sequenceNumber: 57n, epoch: 2n }
    },
  } as unknown as ChainClient
  await followActivity(client, store, { signal: stop.signal, onEpoch })
  const { items, by, checkpoint } = store.getState()
  expect([by, checkpoint, onEpoch.mock.calls.length]).toEqual(['stream', 57n, 1])
  // Alike, by the same account: one row.
  expect(items.map(({ kind, checkpoint: at, count }) => [kind, at, count])).toEqual([['revealModel', 57n, 2]])
  const [item] = items
  const other = { ...item!, kind: 'claimRewards' }
  expect(addActivity([other], items, 9).map(({ kind }) => kind)).toEqual(['claimRewards', 'revealModel'])
  expect(addActivity([{ ...item!, success: false }], [item!, other], 2)).toHaveLength(2)
})
