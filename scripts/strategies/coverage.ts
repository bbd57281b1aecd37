import type { Effect } from './effects.ts'

/** Where the effect of a strategy is asserted; `page` says what a test shows by clicks alone. */
interface Covered {
  readonly strategy: string
  /** Ids of effects. */
  readonly effects: readonly string[]
  readonly page: string
}

export const covered: readonly Covered[] = [
  {
    strategy: '1 Competitors’ weights',
    effects: ['competitors'],
    page: 'strategy-effects.spec: sorted by the loss on my data, the model of its kind leads by 2.5 nats',
  },
  {
    strategy: '2, 9 Data of filled targets, of a sparse region',
    effects: ['region-data'],
    page: 'strategy-embedding.spec: half of a region’s data lowers the loss on each submission of the other half by more than 2 nats; data.spec: it is chosen by place',
  },
  {
    strategy: '3 Fine-tuning',
    effects: ['fine-tuning'],
    page: 'strategy-effects.spec: below the leader by 0.2 nats',
  },
  {
    strategy: '4 Distillation of the embedding',
    effects: ['distillation'],
    page: 'strategy-weights.spec: nearer than alone, logarithm above 1.5',
  },
  {
    strategy: '4 of predictions',
    effects: ['predictions'],
    page: 'strategy-weights.spec: nearer than without, more than 0.3 nats per position (KL)',
  },
  {
    strategy: '4 from several teachers',
    effects: ['several-teachers'],
    page: 'strategy-weights.spec: nearer to the mean of both, and to the second, than with one, logarithms above 1',
  },
  {
    strategy: '5 Averaging, the sweep',
    effects: ['averaging', 'strangers'],
    page: 'strategy-weights.spec: on both kinds of data the best blend of relatives is better than either by more than 0.5 nats; halfway to a stranger the loss is 0.7 above that halfway to a relative, and 1.5 above what one has alone; strategies.spec: the best beta on the network’s data',
  },
  {
    strategy: '5 Soups',
    effects: ['soups'],
    page: 'strategy-weights.spec: greedy below uniform by more than 1 nat where a stranger is among them',
  },
  {
    strategy: '5 Task arithmetic',
    effects: ['task-arithmetic'],
    page: 'strategy-weights.spec: below mine on the other kind of data by more than 0.5 nats',
  },
  {
    strategy: '6 Gap analysis',
    effects: ['gaps'],
    page: 'strategy-embedding.spec: the region that was left out is named, ahead of the next by more than 2 nats',
  },
  {
    strategy: '6 Training on the gaps',
    effects: ['specialising'],
    page: 'strategy-effects.spec: on the targets that were added the gap closes by more than 1 nat per byte, and by as much more than on those that were not; the model that comes of it wins targets, for accounts that are new each time',
  },
  {
    strategy: '7 Genesis embedding',
    effects: ['genesis'],
    page: 'strategy-update.spec: at its genesis embedding a model would be asked by more of the targets near the data that it won than of others, by 0.12 of them; main-job.spec: it is computed and committed',
  },
  {
    strategy: '8 Updating the embedding',
    effects: ['updating'],
    page: 'strategy-update.spec: computed over wins, and measured on wins left out, it is nearer to them than the one in force, logarithm of the ratio above 1; it is registered without an upload',
  },
  {
    strategy: '9 Gaps on the map',
    effects: ['placing'],
    page: 'strategy-update.spec: at a sparse place the network assigns more of its targets than at a crowded one, by 0.06 of them',
  },
  {
    strategy: '10 Forecast',
    effects: ['routing', 'forecast-wins'],
    page: 'strategy-update.spec: at both places the forecast share and what the network then assigned differ by less than 0.08; strategies.spec: more stake, a larger share',
  },
  {
    strategy: '11 Rounds',
    effects: ['rounds', 'rounds-choice'],
    page: 'rounds.spec: by data of the kind that is trained on what is in force falls by more than 1.5 nats, over a reload; trained on another kind nothing is published, and it is worse by more than 0.5 nats',
  },
  {
    strategy: '12 Recipes',
    effects: ['recipe-fine-tuning', 'recipe-distilling', 'recipe-soup', 'recipe-specialising'],
    page: 'strategy-embedding.spec: a recipe like “Fine-tune the leader”, imported from a file, ends more than 2 nats below the leader; rounds.spec: the soup makes a run',
  },
]

/** The table as Markdown. */
export function coverageTable(effects: readonly Effect[]): string {
  const rows = covered.map(({ strategy, effects: ids, page }) => {
    const asserted = ids.map((id) => {
      const { margin, tested, unit, through } = effects.find((one) => one.id === id)!
      const figure = `${id}: more than ${margin} (${unit})`
      if (through === undefined)
        return `${figure}, ${tested.length === 1 ? 'seed' : 'seeds'} ${tested.join(', ')}`
      if (through === null) return `${figure}, only in \`npm run strategies\``
      return `${figure}, in \`npm run strategies\`; in \`npm test\` by ${through}`
    })
    return `| ${strategy} | ${asserted.join('; ')} | ${page} |`
  })
  return [
    '## Where each strategy is asserted',
    'On the practice network’s small world. What has a seed is asserted headless in `npm test`, in Chromium where an engine is needed, else in Node; what an end to end test of `npm test` asserts through the page is measured headless in `npm run strategies` alone.',
    ['| strategy | asserted effect | through the page |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n')
}
