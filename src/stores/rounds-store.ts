import { createStore } from 'zustand/vanilla'
import type { SparseRegion } from '../strategies/map/sparse-regions.ts'
import type { RoundState, RoundWork } from '../strategies/rounds/rounds.ts'
import type { StrategyWork } from './strategy-store.ts'

/** The plan of rounds of this device, kept between visits. */
export interface RoundsState {
  /** Null where none was approved. */
  readonly state: RoundState | null
  /** It is carried out in this visit; false after a reload, until the user goes on with it. */
  readonly running: boolean
  /** What is being done now. */
  readonly work: RoundWork['kind'] | null
  /** Of what the trainer does for it now, where that has a progress of its own. */
  readonly progress: StrategyWork | null
  /** Regions of the network whose data a plan may choose by; null until they were looked for. */
  readonly regions: readonly SparseRegion[] | null
}

export const createRoundsStore = () =>
  createStore<RoundsState>(() => ({ state: null, running: false, work: null, progress: null, regions: null }))
