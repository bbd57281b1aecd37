import type { StrategyTab } from '../../stores/strategy-store.ts'

/** What each tab is called, also where it is searched for. */
export const tabNames: Readonly<Record<StrategyTab, string>> = {
  rivals: 'Competitors',
  data: 'Data',
  gaps: 'Gaps',
  distil: 'Distil',
  blend: 'Blend weights',
  map: 'Map',
  forecast: 'Forecast',
  update: 'Embedding update',
  rounds: 'Rounds',
  recipes: 'Recipes',
}

/** What each is for and when to use it, in a breath. */
export const tabLeads: Readonly<Record<StrategyTab, string>> = {
  rivals: 'Whose weights are worth starting from: every model by its wins and by its loss on your data.',
  data: 'What the next run trains on: data that won targets, your own sources, and where to find more.',
  gaps: 'Where others do better than you, measured on data that won targets: what to train on next.',
  distil: 'Learn from your data and from a stronger model at once: weights of your own that stand near it.',
  blend: 'Mix weights without training. It helps most between models that were trained from one another.',
  map: 'Where models stand, and where there is data but hardly a model: a place to specialise in.',
  forecast: 'How many targets a place and a stake would be assigned, before you commit to them.',
  update: 'Move your model’s embedding to what it wins, once that differs from where it stands.',
  rounds: 'Train, measure, publish the best and go on, as a plan that you approve once.',
  recipes: 'Whole strategies in one click, and as files to keep, change and run again.',
}

/** Tabs that begin another subject. */
export const opensGroup: ReadonlySet<StrategyTab> = new Set(['map', 'rounds'])
