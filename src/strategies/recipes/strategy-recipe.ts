import type { PassageKind } from '../../data/split-passages.ts'
import { type ConfigName, modelConfigs } from '../../model/model-config.ts'
import { checkRecipe, competingRecipe, type Recipe } from '../../train/recipe.ts'

/**
 * A whole strategy as a file: where weights come from, what they are trained on and how, and what the embedding is
 * made of. Everything that is needed to run it again on any network; what it names by role ("the leader", "my last
 * five") is looked up when it runs, and the run's record says what was found.
 */
export interface StrategyRecipe {
  readonly format: typeof RECIPE_FORMAT
  readonly version: 1
  readonly name: string
  readonly description: string
  readonly start: RecipeStart
  /** What is trained on; empty only where nothing is trained. */
  readonly data: readonly RecipeSource[]
  /** Cuts documents into passages before training. */
  readonly passages?: { readonly kind: PassageKind }
  /** Null where the weights are published as they start. */
  readonly training: RecipeTraining | null
  readonly distillation?: RecipeDistillation
  readonly embedding: RecipeEmbedding
  /** What it was when it ran, in a file that was exported from a run. */
  readonly ran?: RecipeRan
}

/** One run of a recipe: what its roles were found to be, by digest, so that running it again can be compared. */
export interface RecipeRan {
  /** Name of the run. */
  readonly run: string
  /** Date and time, ISO 8601. */
  readonly at: string
  /** Sentences about what the roles of the file were found to be. */
  readonly found: readonly string[]
  /** The weights that it began with, by the BLAKE2b-256 of the plain file, hex; null from scratch. */
  readonly base: { readonly label: string; readonly digest: string } | null
  readonly data: {
    /** BLAKE2b-256 over the sources' digests in order, hex. */
    readonly digest: string
    readonly sources: readonly {
      readonly name: string
      readonly origin: string
      readonly bytes: number
      readonly digest: string
      readonly weight?: number
    }[]
  }
  /** Where it stood; null before its first checkpoint. */
  readonly result: {
    readonly step: number
    readonly weightsDigest: string
    readonly validationLoss: number | null
  } | null
}

export const RECIPE_FORMAT = 'soma-studio-recipe'

/** The largest weight of a source; a larger one would be all that is trained on. */
export const MOST_WEIGHT = 1000

/** A model of the network. The leader has the most wins; the best, the lowest loss on my data. */
export type ModelChoice =
  | { readonly pick: 'leader' | 'lowest-loss' | 'most-stake' | 'nearest' }
  | { readonly pick: 'model'; readonly modelId: string }

/** Checkpoints of this device: the newest ones of all runs, the newest of each named run, or named ones. */
export type RunChoice =
  | { readonly pick: 'last'; readonly count: number }
  | { readonly pick: 'runs'; readonly runIds: readonly string[] }
  | { readonly pick: 'checkpoints'; readonly digests: readonly string[] }

export type RecipeStart =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'model'; readonly model: ModelChoice }
  /** `otherwise`: where there is no such run. */
  | { readonly kind: 'run'; readonly run: RunChoice; readonly otherwise?: ModelChoice }
  | {
      readonly kind: 'average'
      readonly mine: RunChoice
      readonly theirs: ModelChoice
      readonly beta: number | 'best'
    }
  | { readonly kind: 'soup'; readonly runs: RunChoice; readonly method: 'uniform' | 'greedy' }

export type RecipeSource =
  /** The text that comes with the studio. */
  | { readonly kind: 'bundled'; readonly weight?: number }
  /** What the user has added; asked for where there is none. */
  | { readonly kind: 'own'; readonly weight?: number }
  /**
   * Data of filled targets, the newest first: of all, of those that I won, of the region with the fewest models, of those
   * on which others do better, or of the one region where they do so most.
   */
  | {
      readonly kind: 'targets'
      readonly limit: number
      readonly among: 'all' | 'gaps' | 'gap-region' | 'sparse-region' | 'own-wins'
      /** Mean weight; weights by gap among 'gaps' and in a 'gap-region'. */
      readonly weight?: number
      /** In the place of a weight: how much of what is trained on this data is, however large the other sources are. */
      readonly share?: number
    }
  /** Data of filled targets by the BLAKE2b-256 of each, hex. */
  | { readonly kind: 'submissions'; readonly digests: readonly string[]; readonly weight?: number }

/** The training recipe of the network's config, changed where it is said. */
export interface RecipeTraining {
  /** 'network': the config whose embeddings have the network's dimension. */
  readonly config: ConfigName | 'network'
  readonly changes: Partial<Omit<Recipe, 'config'>>
}

export interface RecipeDistillation {
  readonly alpha: number
  readonly teachers: readonly { readonly model: ModelChoice; readonly weight: number }[]
  readonly logits?: { readonly weight: number; readonly temperature: number }
}

export type RecipeEmbedding =
  | { readonly kind: 'genesis'; readonly windows: number; readonly seed: number }
  | { readonly kind: 'won-data'; readonly realBytesOnly: boolean }

/**
 * The training recipe that a file means on a network of this config; null where nothing is trained. Checked. What it leaves
 * open is the config's own for such a start, in windows of the length that the network scores.
 */
export function resolveTraining(file: StrategyRecipe, networkConfig: ConfigName): Recipe | null {
  if (!file.training) return null
  const { config: wanted, changes } = file.training
  const config = wanted === 'network' ? networkConfig : wanted
  const recipe: Recipe = { ...competingRecipe(config, file.start.kind !== 'scratch'), ...changes, config }
  checkRecipe(recipe)
  return recipe
}

export const configNames = Object.keys(modelConfigs) as ConfigName[]
