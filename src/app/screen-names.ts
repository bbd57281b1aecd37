import type { Screen } from '../stores/view-store.ts'

/** Every screen as the tab of the browser and the palette call it. */
export const screenNames: Readonly<Record<Screen, string>> = {
  train: 'Train',
  network: 'Network',
  runs: 'Runs',
  strategies: 'Strategies',
  publish: 'Publish',
  wallet: 'Wallet',
  device: 'Device',
}
