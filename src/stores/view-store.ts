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
  /** Which steps the loss chart shows: this share of the newest, or those from one to another. */
  readonly lossSpan: LossSpan
  /** The run whose loss is drawn beside. */
  readonly compareWith: string | null
}

export type LossSpan = number | readonly [from: number, to: number]

export const createViewStore = () =>
  createStore<ViewState>(() => ({
    screen: 'train',
    logLoss: false,
    smoothing: 0.9,
    lossSpan: 1,
    compareWith: null,
  }))
