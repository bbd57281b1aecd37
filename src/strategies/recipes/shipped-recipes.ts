import { RECIPE_FORMAT, type StrategyRecipe } from './strategy-recipe.ts'

const common = {
  format: RECIPE_FORMAT,
  version: 1,
  embedding: { kind: 'genesis', windows: 256, seed: 7 },
} as const satisfies Partial<StrategyRecipe>

/** The recipes that come with the studio; each can be exported, changed and imported again. */
export const shippedRecipes = {
  'from-scratch': {
    ...common,
    name: 'From scratch',
    description: 'Trains fresh weights on your data. Slow, but the model is like no other.',
    start: { kind: 'scratch' },
    data: [{ kind: 'own' }],
    training: { config: 'network', changes: {} },
  },
  'fine-tune-the-leader': {
    ...common,
    name: 'Fine-tune the leader',
    description:
      'Starts from the weights of the model with the most wins and goes on with your data at a low learning rate.',
    start: { kind: 'model', model: { pick: 'leader' } },
    data: [{ kind: 'own' }, { kind: 'targets', among: 'all', limit: 50 }],
    training: { config: 'network', changes: { steps: 500, warmupSteps: 50 } },
  },
  'distil-the-leader': {
    ...common,
    name: 'Distil the leader',
    description:
      'Trains fresh weights on your data while pulling the embedding toward that of the model with the most wins.',
    start: { kind: 'scratch' },
    data: [{ kind: 'own' }, { kind: 'targets', among: 'all', limit: 50 }],
    training: { config: 'network', changes: {} },
    distillation: { alpha: 0.5, teachers: [{ model: { pick: 'leader' }, weight: 1 }] },
  },
  'soup-of-my-last-five': {
    ...common,
    name: 'Soup of my last five',
    description:
      'Averages the weights of your five newest checkpoints, keeping only those that lower the loss. Trains nothing.',
    start: { kind: 'soup', runs: { pick: 'last', count: 5 }, method: 'greedy' },
    data: [],
    training: null,
  },
  'specialise-in-a-gap': {
    ...common,
    name: 'Specialise in a gap',
    description:
      'Goes on from your newest run, or else from the model with the lowest loss on your data. Half of what it sees is data of the region where others do better most, the largest gaps most; the other half is yours.',
    start: { kind: 'run', run: { pick: 'last', count: 1 }, otherwise: { pick: 'lowest-loss' } },
    data: [{ kind: 'own' }, { kind: 'targets', among: 'gap-region', limit: 200, share: 0.5 }],
    training: { config: 'network', changes: { steps: 500, warmupSteps: 50 } },
  },
} as const satisfies Record<string, StrategyRecipe>

export type ShippedRecipe = keyof typeof shippedRecipes
