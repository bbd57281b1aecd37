import { createStore } from 'zustand/vanilla'
import { type Network, practiceNetwork } from '../chain/networks.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetObjectView } from '../chain/target-view.ts'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { ClockState, PlayedEpoch, WorldModel, WorldName } from '../worker/practice-protocol.ts'

export type { WorldName }

export interface NetworkState {
  readonly status: 'connecting' | 'ready' | 'failed'
  /** The network that all of this was read from. */
  readonly network: Network
  /** The world of the practice network, also while another network is in use. */
  readonly world: WorldName
  /** What the world's file says of its competitors: names and corpora, for people. */
  readonly competitors: readonly WorldModel[]
  /** How epochs pass; null until the world is open. */
  readonly clock: ClockState | null
  /** What the world's own accounts did last; null while they have not acted. */
  readonly played: PlayedEpoch | null
  readonly chainId: string
  readonly system: SystemStateView | null
  /** Filled ones first, with what their submissions claimed. */
  readonly targets: readonly TargetObjectView[]
  /** Why models cannot be created or committed here for the chosen config; null where they can. */
  readonly modelActionsBlocked: string | null
  /** An epoch change is under way. */
  readonly advancing: boolean
  readonly error: SerialisedError | null
}

export const createNetworkStore = () =>
  createStore<NetworkState>(() => ({
    status: 'connecting',
    network: practiceNetwork,
    world: 'practice',
    competitors: [],
    clock: null,
    played: null,
    chainId: '',
    system: null,
    targets: [],
    modelActionsBlocked: null,
    advancing: false,
    error: null,
  }))
