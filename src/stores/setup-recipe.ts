import type { CorpusSummary } from '../data/corpus-summary.ts'
import { StudioError } from '../lib/studio-error.ts'
import {
  RECIPE_FORMAT,
  type RecipeSource,
  type StrategyRecipe,
} from '../strategies/recipes/strategy-recipe.ts'
import type { DistilChoice, SetupState, StartChoice } from './setup-store.ts'

/** Names, in where data is from, the kind of passages that it was cut into. */
export const CUT_INTO = 'Cut into passages'

/**
 * What is set up on the Train screen as a recipe: every number of the training, models by id, submissions by digest.
 * Throws 'unsupported' for weights of a file, which no recipe can name.
 */
export function setupRecipe(
  { recipe, start, distillation }: SetupState,
  sources: CorpusSummary['sources'],
  texts: Pick<StrategyRecipe, 'name' | 'description'>,
): StrategyRecipe {
  const { config, memoryPlan, memoryLimit: _, layerInputBits, ...numbers } = recipe
  const changes = {
    ...numbers,
    // How a step is laid out belongs to the device, except where it changes what is computed.
    ...(memoryPlan === 'C' ? { memoryPlan } : {}),
    ...(layerInputBits === 16 ? { layerInputBits } : {}),
  }
  return {
    format: RECIPE_FORMAT,
    version: 1,
    ...texts,
    start: recipeStart(start),
    data: recipeData(sources),
    ...recipePassages(sources),
    training: { config, changes },
    ...(distillation ? { distillation: recipeTeachers(distillation) } : {}),
    embedding: { kind: 'genesis', windows: 256, seed: recipe.seed },
  }
}

/** Submissions of one weight are one source. */
function recipeData(sources: CorpusSummary['sources']): RecipeSource[] {
  const own = sources.some(({ origin }) => origin !== 'target' && origin !== 'bundled')
  const bundled = sources.some(({ origin }) => origin === 'bundled')
  const submissions = new Map<number, string[]>()
  for (const { origin, digest, weight = 1 } of sources)
    if (origin === 'target') submissions.set(weight, [...(submissions.get(weight) ?? []), digest])
  return [
    ...(own || sources.length === 0 ? [{ kind: 'own' } as const] : []),
    ...(bundled ? [{ kind: 'bundled' } as const] : []),
    ...[...submissions].map(
      ([weight, digests]) => ({ kind: 'submissions', digests, ...(weight === 1 ? {} : { weight }) }) as const,
    ),
  ]
}

/** Only where all of the data was cut in one way: a recipe cuts everything. */
function recipePassages(sources: CorpusSummary['sources']): Pick<StrategyRecipe, 'passages'> {
  const [kind, ...others] = new Set(sources.map(({ provenance }) => provenance?.[CUT_INTO]))
  if (others.length > 0 || !(kind === 'function' || kind === 'docstring' || kind === 'paragraph')) return {}
  return { passages: { kind } }
}

function recipeStart(start: StartChoice): StrategyRecipe['start'] {
  switch (start.kind) {
    case 'scratch':
      return start
    case 'competitor':
      return { kind: 'model', model: { pick: 'model', modelId: start.modelId } }
    case 'run':
      return { kind: 'run', run: { pick: 'runs', runIds: [start.runId] } }
    case 'file':
      throw new StudioError('unsupported', 'A recipe cannot hold the weights of a file.', {
        hint: 'Start from scratch, a model of the network or a run, then export.',
      })
    default:
      return start satisfies never
  }
}

function recipeTeachers({ alpha, teachers, logits }: DistilChoice) {
  const named = teachers.map(({ weights, weight }) => {
    if (weights.kind === 'model') {
      return { model: { pick: 'model', modelId: weights.modelId } as const, weight }
    }
    throw new StudioError('unsupported', 'A recipe can only name teachers of the network.', {
      hint: 'Choose models of the network as teachers, then export.',
    })
  })
  return { alpha, teachers: named, ...(logits ? { logits } : {}) }
}
