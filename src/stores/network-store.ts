import { createStore } from 'zustand/vanilla'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetView } from '../chain/target-view.ts'
import type { SerialisedError } from '../lib/studio-error.ts'

/** Practice worlds that ship with the studio; a world belongs to one config. */
export type WorldName = 'small' | 'practice'

export interface NetworkState {
  readonly status: 'connecting' | 'ready' | 'failed'
  readonly world: WorldName
  readonly chainId: string
  readonly system: SystemStateView | null
  readonly targets: readonly TargetView[]
  /** Why models cannot be created or committed here for the chosen config; null where they can. */
  readonly modelActionsBlocked: string | null
  /** An epoch change is under way. */
  readonly advancing: boolean
  readonly error: SerialisedError | null
}

export const createNetworkStore = () =>
  createStore<NetworkState>(() => ({
    status: 'connecting',
    world: 'practice',
    chainId: '',
    system: null,
    targets: [],
    modelActionsBlocked: null,
    advancing: false,
    error: null,
  }))
