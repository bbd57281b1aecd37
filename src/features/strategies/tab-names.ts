import type { StrategyTab } from '../../stores/strategy-store.ts'

/** What each tab is called, also where it is searched for. */
export const tabNames: Readonly<Record<StrategyTab, string>> = {
  blend: 'Blend weights',
  rivals: 'Competitors',
  gaps: 'Gaps',
  distil: 'Distil',
  forecast: 'Forecast',
  map: 'Map',
  update: 'Embedding update',
  rounds: 'Rounds',
  recipes: 'Recipes',
  data: 'Data',
}
