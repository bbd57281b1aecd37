import { type ComponentType, lazy } from 'react'
import { TrainScreen } from '../features/train/index.ts'
import type { Screen } from '../stores/view-store.ts'
import { loadCharts } from '../ui/charts/line-plot.tsx'

type Loaded = Promise<{ readonly default: ComponentType }>

/** Home comes with the page; each of the others is a chunk of its own. */
const loaders: Readonly<Record<Exclude<Screen, 'train'>, () => Loaded>> = {
  network: async () => ({ default: (await import('../features/network/index.ts')).NetworkScreen }),
  runs: async () => ({ default: (await import('../features/runs/index.ts')).RunsScreen }),
  strategies: async () => ({ default: (await import('../features/strategies/index.ts')).StrategiesScreen }),
  publish: async () => ({ default: (await import('../features/publish/index.ts')).PublishScreen }),
  wallet: async () => ({ default: (await import('../features/wallet/index.ts')).WalletScreen }),
  device: async () => ({ default: (await import('../features/device/index.ts')).DeviceScreen }),
}

export const loadSigning = async () => ({
  default: (await import('../features/signing/index.ts')).SigningDialogs,
})

export const screenOf: Readonly<Record<Screen, ComponentType>> = {
  train: TrainScreen,
  network: lazy(loaders.network),
  runs: lazy(loaders.runs),
  strategies: lazy(loaders.strategies),
  publish: lazy(loaders.publish),
  wallet: lazy(loaders.wallet),
  device: lazy(loaders.device),
}

/** Fetches the rest of the page, what is needed first first, so that no click waits and a server may go away. */
export async function loadRest(): Promise<void> {
  for (const load of [loadCharts, loaders.publish, loadSigning, ...Object.values(loaders)]) {
    // What fails now is asked for again when it is opened, and says so then.
    await load().catch(() => {})
  }
}
