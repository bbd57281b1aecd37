import type { ChainClient } from '../../chain/chain-client.ts'
import {
  customNetwork,
  type Network,
  type NetworkUrls,
  presetNetworks,
  withUrls,
} from '../../chain/networks.ts'
import { asksForLocalNetwork } from '../../chain/page-reach.ts'
import { probeNetwork } from '../../chain/probe-network.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { noActivity } from '../activity-store.ts'
import { isWorld, type Place } from '../draft-place.ts'
import { followActivity } from '../follow-activity.ts'
import { saveNetworks } from '../network-book.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'

export interface NetworksParts extends StudioParts {
  /** Address of this page. */
  readonly page: string
  /** A client for another network than the practice network; throws 'bad-input' where it has no RPC address. */
  readonly connect: (network: Network) => ChainClient
  /** Which accounts may sign depends on the network. */
  readonly showAccountsOf: (network: Network) => void
}

/** Which network is in use, its addresses, and what it can do. */
export function networksActions(parts: NetworksParts, network: NetworkActions) {
  const { stores, storage, chain, bridge, page, switchChain } = parts
  const { networks, activity } = stores
  let session = new AbortController()
  /** Networks whose question by Chrome was explained in this visit. */
  const explained = new Set<string>()

  function find(id: string): Network {
    const found = networks.getState().networks.find((candidate) => candidate.id === id)
    if (!found) throw new StudioError('not-found', 'There is no such network any more.')
    return found
  }

  /** Nothing is called before the user knows what the browser will ask. */
  function mustExplain({ id, urls }: Network): boolean {
    return urls.rpc !== undefined && asksForLocalNetwork(page, urls.rpc) && !explained.has(id)
  }

  /** `state`: what is being read of the network anyway. */
  async function probe(state?: Promise<SystemStateView>): Promise<void> {
    const { current } = networks.getState()
    const { signal } = session
    if (mustExplain(current)) return networks.setState({ probing: 'ask' })
    networks.setState({ probing: 'running' })
    try {
      const client = state ? { ...chain, systemState: () => state } : chain
      const tools = { client, bridge, page, fetch: globalThis.fetch.bind(globalThis), signal }
      const report = await probeNetwork(current, tools)
      if (!signal.aborted) networks.setState({ probing: 'idle', probe: report })
    } catch {
      // Only where another network was chosen meanwhile.
      if (!signal.aborted) networks.setState({ probing: 'idle' })
    }
  }

  /** Reads the network in use from its beginning: what it can do, its state, what happens on it. */
  async function connect(): Promise<void> {
    session.abort()
    session = new AbortController()
    const { signal } = session
    const { current } = networks.getState()
    parts.showAccountsOf(current)
    networks.setState({ probe: null, probing: 'idle' })
    activity.setState(noActivity, true)
    const isPractice = current.kind === 'practice'
    const asks = mustExplain(current)
    switchChain(isPractice ? null : asks ? uncalled(current) : parts.connect(current))
    if (asks) {
      await network.enter(current, false)
      return networks.setState({ probing: 'ask' })
    }
    // The practice network answers once its world is open.
    if (isPractice) await network.enter(current, true)
    // A registry can have a hundred megabytes: list and checklist share one read of it.
    const state = isPractice ? undefined : chain.systemState()
    state?.catch(() => undefined)
    await Promise.all([isPractice ? undefined : network.enter(current, true, state), probe(state)])
    if (signal.aborted) return
    void followActivity(chain, activity, { signal, onEpoch: () => void network.refreshNetwork() })
  }

  // Another world of the practice network is another chain.
  stores.network.subscribe((now, before) => {
    const isOther = now.chainId !== before.chainId && now.network.kind === 'practice'
    if (isOther && networks.getState().current.kind === 'practice') void probe()
  })

  function keep(changed: readonly Network[]): void {
    saveNetworks(storage, changed)
    networks.setState({ networks: changed })
  }

  async function replace(edited: Network): Promise<void> {
    keep(networks.getState().networks.map((candidate) => (candidate.id === edited.id ? edited : candidate)))
    if (networks.getState().current.id !== edited.id) return
    networks.setState({ current: edited })
    await connect()
  }

  return {
    connectNetwork: connect,
    probeNetwork: () => probe(),

    async chooseNetwork(id: string) {
      if (networks.getState().current.id === id) return
      networks.setState({ current: find(id) })
      await connect()
    },

    /** Opens where a model lives: a world of the practice network, or another network. */
    async openPlace(place: Place) {
      const isPractice = isWorld(place)
      const id = isPractice ? presetNetworks[0]!.id : place
      if (isPractice && networks.getState().current.id !== id) stores.network.setState({ world: place })
      if (networks.getState().current.id !== id) {
        networks.setState({ current: find(id) })
        await connect()
      }
      if (isPractice && stores.network.getState().world !== place) await network.switchWorld(place)
    },

    /** The user has read what the browser will ask, and goes on. */
    async allowLocalNetwork() {
      explained.add(networks.getState().current.id)
      await connect()
    },

    /** Throws 'bad-input' where an address is not one. */
    saveNetwork: (id: string, urls: NetworkUrls) => replace(withUrls(find(id), urls)),

    /** A preset with the addresses that it came with. */
    async resetNetwork(id: string) {
      const preset = presetNetworks.find((candidate) => candidate.id === id)
      if (preset) await replace(preset)
    },

    /** Throws 'bad-input' where name or an address is not one. */
    async addNetwork(name: string, urls: NetworkUrls) {
      const taken = new Set(networks.getState().networks.map(({ id }) => id))
      let number = 1
      while (taken.has(`custom-${number}`)) number += 1
      const added = withUrls(customNetwork(`custom-${number}`, name, {}), urls)
      keep([...networks.getState().networks, added])
      networks.setState({ current: added })
      await connect()
    },

    /** Only of those that the user added. */
    async removeNetwork(id: string) {
      const { networks: all, current } = networks.getState()
      if (find(id).kind !== 'custom') return
      keep(all.filter((candidate) => candidate.id !== id))
      if (current.id !== id) return
      networks.setState({ current: presetNetworks[0]! })
      await connect()
    },
  }
}

/** Stands for a network until the person has read what the browser will ask: whatever acts on it is told so. */
function uncalled({ name }: Network): ChainClient {
  const refuse = async () => {
    throw new StudioError('refused', `${name} has not been called yet.`, {
      hint: 'Nothing was sent. Read on the Network screen what the browser will ask, then go on there.',
    })
  }
  return new Proxy({} as ChainClient, { get: () => refuse })
}
