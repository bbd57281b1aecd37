import { createStore } from 'zustand/vanilla'
import { type Network, practiceNetwork, presetNetworks } from '../chain/networks.ts'
import type { NetworkProbe } from '../chain/probe-network.ts'

/** The networks of this installation, and what the one in use can do. */
export interface NetworksState {
  readonly networks: readonly Network[]
  readonly current: Network
  /**
   * `ask`: the page must say first why Chrome will ask whether it may reach the local network; nothing has been called.
   */
  readonly probing: 'idle' | 'ask' | 'running'
  /** Null until the network in use has been probed. */
  readonly probe: NetworkProbe | null
}

export const createNetworksStore = () =>
  createStore<NetworksState>(() => ({
    networks: presetNetworks,
    current: practiceNetwork,
    probing: 'idle',
    probe: null,
  }))
