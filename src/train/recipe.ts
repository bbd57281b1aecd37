import { StudioError } from '../lib/studio-error.ts'
import type { ConfigName } from '../model/model-config.ts'
import { MAX_SEQUENCE } from '../model/model-config.ts'

/** Everything that decides what a run computes, apart from data and initial weights. */
export interface Recipe {
  readonly config: ConfigName
  /** Tokens of a window, 2 to 1,024. */
  readonly sequence: number
  /** Windows of one micro-batch. */
  readonly microBatch: number
  /** Micro-batches of one optimizer step; their gradients are averaged. */
  readonly accumulation: number
  readonly learningRate: number
  /** Steps over which the learning rate rises linearly from 0. */
  readonly warmupSteps: number
  readonly dropout: number
  /** Optimizer steps. */
  readonly steps: number
  readonly seed: number
  /** Steps between validations; the first runs before step 1, the last after the last step. */
  readonly validateEvery: number
  /** At most this many windows of the validation side are read each time, always the same ones. */
  readonly validationWindows: number
  /** Steps between checkpoints. */
  readonly checkpointEvery: number
  /** Steps between samples; 0 for none. */
  readonly sampleEvery: number
  /** How a step is laid out in memory; only C, with 8-bit moments, and 16-bit layer inputs change figures. The fastest exact one that fits if absent or 'auto'. */
  readonly memoryPlan?: MemoryPlanChoice
  /** Gigabytes (10^9 bytes) that training may take on the GPU; all it has if absent or 0. */
  readonly memoryLimit?: number
  /** Bits of a layer input that plans A to D keep, 32 if absent; 16 takes half the memory and rounds. */
  readonly layerInputBits?: 16 | 32
}

export const memoryPlanChoices = ['auto', 'store', 'A', 'B', 'C', 'D'] as const
export type MemoryPlanChoice = (typeof memoryPlanChoices)[number]

const common = {
  accumulation: 1,
  seed: 7,
  validateEvery: 50,
  validationWindows: 64,
  checkpointEvery: 100,
  sampleEvery: 50,
} as const

const defaults: Record<ConfigName, Recipe> = {
  small: {
    ...common,
    config: 'small',
    sequence: 128,
    microBatch: 8,
    learningRate: 1e-3,
    warmupSteps: 100,
    dropout: 0,
    steps: 1000,
  },
  practice: {
    ...common,
    config: 'practice',
    sequence: 256,
    microBatch: 8,
    learningRate: 1e-3,
    warmupSteps: 100,
    dropout: 0,
    steps: 2000,
  },
  v1: {
    ...common,
    config: 'v1',
    sequence: MAX_SEQUENCE,
    microBatch: 1,
    accumulation: 16,
    learningRate: 1e-4,
    warmupSteps: 0,
    dropout: 0.1,
    steps: 1000,
  },
}

/** The starting recipe of a config; every field is editable. */
export function defaultRecipe(config: ConfigName): Recipe {
  return defaults[config]
}

/** Trained weights are forgotten before they are improved at the rate that fresh ones need. */
const FINE_TUNE_SHARE = 1 / 5
const FINE_TUNE_WARMUP = 100

/**
 * The recipe for weights that are trained already, with a fresh Adam: at most a fifth of the rate at which the config
 * begins, which for v1 is 2e-5, where 1e-5 to 5e-5 is usual; after a warm-up, since the first steps of Adam are as long as
 * the rate whatever the gradient. A recipe that says so already stays as it is.
 */
export function fineTuneRecipe(recipe: Recipe): Recipe {
  const usual = defaultRecipe(recipe.config).learningRate * FINE_TUNE_SHARE
  return {
    ...recipe,
    learningRate: Math.min(recipe.learningRate, usual),
    warmupSteps: Math.max(recipe.warmupSteps, FINE_TUNE_WARMUP),
  }
}

/**
 * The recipe in windows of the length that the network scores, with as many bytes a step and a validation as before, or
 * one window. Bytes late in a submission stand at positions that shorter windows never show.
 */
export function atScoredLength(recipe: Recipe): Recipe {
  const { sequence, microBatch, validationWindows } = recipe
  const windows = (count: number) => Math.max(1, Math.round((count * sequence) / MAX_SEQUENCE))
  return {
    ...recipe,
    sequence: MAX_SEQUENCE,
    microBatch: windows(microBatch),
    validationWindows: windows(validationWindows),
  }
}

/** The recipe of a config by what it starts from, for weights that are to be scored by the network. */
export function competingRecipe(config: ConfigName, fromTrained: boolean): Recipe {
  const recipe = defaultRecipe(config)
  return atScoredLength(fromTrained ? fineTuneRecipe(recipe) : recipe)
}

/**
 * The recipe after the choice of a start: what is still the config's own for the other kind of start changes with it, what
 * the user has set stays. Fresh weights begin in short windows, trained ones go on at the length that is scored.
 */
export function recipeForStart(recipe: Recipe, fromTrained: boolean): Recipe {
  const scratch = defaultRecipe(recipe.config)
  const trained = competingRecipe(recipe.config, true)
  const [from, to] = fromTrained ? [scratch, trained] : [trained, scratch]
  const follow = (keys: readonly RecipeNumber[]) =>
    keys.every((key) => recipe[key] === from[key])
      ? Object.fromEntries(keys.map((key) => [key, to[key]]))
      : {}
  return {
    ...recipe,
    ...follow(['learningRate']),
    ...follow(['warmupSteps']),
    ...follow(['sequence', 'microBatch', 'validationWindows']),
  }
}

/** Learning rate of optimizer step `step` (1 for the first). */
export function learningRateAt(recipe: Recipe, step: number): number {
  if (recipe.warmupSteps <= 0) return recipe.learningRate
  return recipe.learningRate * Math.min(1, step / recipe.warmupSteps)
}

interface Bound {
  readonly label: string
  readonly min: number
  readonly max: number
  readonly integer: boolean
}

/** What each number of a recipe may be; the form and the check read the same table. */
export const recipeBounds = {
  sequence: { label: 'Sequence', min: 2, max: MAX_SEQUENCE, integer: true },
  microBatch: { label: 'Micro-batch', min: 1, max: 1024, integer: true },
  accumulation: { label: 'Accumulation', min: 1, max: 1024, integer: true },
  learningRate: { label: 'Learning rate', min: 1e-9, max: 1, integer: false },
  warmupSteps: { label: 'Warm-up steps', min: 0, max: 1e6, integer: true },
  dropout: { label: 'Dropout', min: 0, max: 0.9, integer: false },
  steps: { label: 'Steps', min: 1, max: 1e7, integer: true },
  seed: { label: 'Seed', min: 0, max: 2 ** 32 - 1, integer: true },
  validateEvery: { label: 'Validate every', min: 1, max: 1e6, integer: true },
  validationWindows: { label: 'Validation windows', min: 1, max: 4096, integer: true },
  checkpointEvery: { label: 'Checkpoint every', min: 1, max: 1e6, integer: true },
  sampleEvery: { label: 'Sample every', min: 0, max: 1e6, integer: true },
} as const satisfies Record<string, Bound>

export type RecipeNumber = keyof typeof recipeBounds

/** Throws 'bad-input' that names the first field out of bounds. */
export function checkRecipe(recipe: Recipe): void {
  for (const [key, bound] of Object.entries(recipeBounds) as [RecipeNumber, Bound][]) {
    const value = recipe[key]
    const whole = !bound.integer || Number.isInteger(value)
    if (!Number.isFinite(value) || value < bound.min || value > bound.max || !whole) {
      throw new StudioError('bad-input', `${bound.label} is ${value}.`, {
        hint: `Use ${bound.integer ? 'a whole number' : 'a number'} from ${bound.min} to ${bound.max}.`,
      })
    }
  }
  checkMemory(recipe)
}

/** Throws 'bad-input' for a memory plan, limit or precision that is none. */
function checkMemory({ memoryPlan, memoryLimit, layerInputBits }: Recipe): void {
  if (memoryPlan !== undefined && !memoryPlanChoices.includes(memoryPlan)) {
    throw new StudioError('bad-input', `There is no memory plan ${memoryPlan}.`, {
      hint: `Use one of ${memoryPlanChoices.join(', ')}.`,
    })
  }
  if (layerInputBits !== undefined && layerInputBits !== 16 && layerInputBits !== 32) {
    throw new StudioError('bad-input', `Layer inputs cannot have ${layerInputBits} bits.`, {
      hint: 'Use 16 or 32.',
    })
  }
  if (memoryLimit !== undefined && !(memoryLimit >= 0)) {
    throw new StudioError('bad-input', `The memory limit is ${memoryLimit} GB.`, {
      hint: 'Use a number of gigabytes; 0 is no limit.',
    })
  }
}

/** Whether a stored value is a recipe of this version that could run. */
export function isRecipe(value: unknown): value is Recipe {
  const recipe = value as Recipe | null
  if (typeof recipe !== 'object' || recipe === null || !(recipe.config in defaults)) return false
  try {
    checkRecipe(recipe)
    return true
  } catch {
    return false
  }
}
