import { createStore } from 'zustand/vanilla'

/** Of these, the device's is reached from the header and the Train screen, the others from the navigation too. */
export const screens = ['train', 'network', 'runs', 'strategies', 'publish', 'wallet', 'device'] as const
export type Screen = (typeof screens)[number]

/** What the page shows and how; remembered between visits. */
export interface ViewState {
  readonly screen: Screen
  readonly logLoss: boolean
  /** Weight of the moving average over steps, [0, 1). */
  readonly smoothing: number
}

export const createViewStore = () =>
  createStore<ViewState>(() => ({ screen: 'train', logLoss: false, smoothing: 0.9 }))
