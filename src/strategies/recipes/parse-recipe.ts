import { StudioError } from '../../lib/studio-error.ts'
import { memoryPlanChoices, type Recipe, recipeBounds } from '../../train/recipe.ts'
import { type Field, fieldOf } from './read-fields.ts'
import {
  configNames,
  MOST_WEIGHT,
  type ModelChoice,
  RECIPE_FORMAT,
  type RecipeDistillation,
  type RecipeEmbedding,
  type RecipeRan,
  type RecipeSource,
  type RecipeStart,
  type RecipeTraining,
  type RunChoice,
  resolveTraining,
  type StrategyRecipe,
} from './strategy-recipe.ts'

/** A recipe file is a page of text; one that has run names each source of its data, of which passages make many. */
export const MOST_CHARACTERS = 20_000_000

const DIGEST = /^[0-9a-f]{64}$/

/** The recipe of a JSON file. Throws 'bad-input' that names the place in the file and what may stand there. */
export function parseRecipe(text: string, fileName = 'The recipe'): StrategyRecipe {
  if (text.length > MOST_CHARACTERS) throw notARecipe(fileName, 'it is too long')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw notARecipe(fileName, 'it is not JSON', cause)
  }
  return readRecipe(fieldOf(value, fileName))
}

/** The file of a recipe, readable and ending with a line break; parsing it gives the same recipe. */
export function formatRecipe(recipe: StrategyRecipe): string {
  return `${JSON.stringify(recipe, undefined, 2)}\n`
}

function readRecipe(field: Field): StrategyRecipe {
  const member = field.object([
    'format',
    'version',
    'name',
    'description',
    'start',
    'data',
    'passages',
    'training',
    'distillation',
    'embedding',
    'ran',
  ])
  if (member('format').value !== RECIPE_FORMAT) {
    field.fail(
      `is not a recipe: its format is not "${RECIPE_FORMAT}"`,
      'Choose a file that the studio exported.',
    )
  }
  if (member('version').value !== 1) {
    member('version').fail('is not 1', 'Update the studio: the file was made by a newer one.')
  }
  const passages = member('passages').optional((one) => ({
    kind: one
      .object(['kind'])('kind')
      .oneOf(['function', 'docstring', 'paragraph'] as const),
  }))
  const distillation = member('distillation').optional(readDistillation)
  const ran = member('ran').optional(readRan)
  const recipe: StrategyRecipe = {
    format: RECIPE_FORMAT,
    version: 1,
    name: member('name').text(80),
    description: member('description').text(600),
    start: readStart(member('start')),
    data: member('data').list(readSource),
    ...(passages ? { passages } : {}),
    training: member('training').value === null ? null : readTraining(member('training')),
    ...(distillation ? { distillation } : {}),
    embedding: readEmbedding(member('embedding')),
    ...(ran ? { ran } : {}),
  }
  checkTogether(recipe, member)
  return recipe
}

/** What each part allows on its own may still not go together. */
function checkTogether(recipe: StrategyRecipe, member: (name: string) => Field): void {
  if (recipe.training && recipe.data.length === 0) member('data').fail('is empty, and there is training')
  const shares = recipe.data.map((source) => (source.kind === 'targets' ? source.share : undefined))
  if (shares.reduce<number>((sum, share = 0) => sum + share, 0) >= 1) {
    member('data').fail('has shares of 1 or more together, which leaves nothing for the rest')
  }
  if (!recipe.training && recipe.start.kind === 'scratch') {
    member('training').fail('is null, and weights from scratch have learned nothing')
  }
  if (!recipe.training && recipe.distillation) member('distillation').fail('needs training')
  for (const config of configNames) {
    try {
      resolveTraining(recipe, config)
    } catch (error) {
      member('training').fail(`gives no valid training for ${config}: ${StudioError.from(error).message}`)
    }
  }
}

function readModel(field: Field): ModelChoice {
  const pick = fieldOf((field.value as { pick?: unknown } | null)?.pick, '', '').value
  if (pick === 'model') {
    const member = field.object(['pick', 'modelId'])
    const modelId = member('modelId').text(66)
    if (!/^0x[0-9a-f]{64}$/.test(modelId))
      member('modelId').fail('is not 0x and 64 lower-case hexadecimal digits')
    return { pick: 'model', modelId }
  }
  const choices = ['leader', 'lowest-loss', 'most-stake', 'nearest', 'model'] as const
  return { pick: field.object(['pick'])('pick').oneOf(choices) as Exclude<(typeof choices)[number], 'model'> }
}

function readRuns(field: Field): RunChoice {
  const member = field.object(['pick', 'count', 'runIds', 'digests'])
  const pick = member('pick').oneOf(['last', 'runs', 'checkpoints'] as const)
  if (pick === 'last') {
    return { pick, count: member('count').number({ min: 1, max: 100, whole: true }) }
  }
  if (pick === 'checkpoints') return { pick, digests: readDigests(member('digests')) }
  const runIds = member('runIds').list((one) => one.text(100))
  if (runIds.length === 0) member('runIds').fail('is empty')
  return { pick: 'runs', runIds }
}

function readStart(field: Field): RecipeStart {
  const member = field.object([
    'kind',
    'model',
    'run',
    'otherwise',
    'mine',
    'theirs',
    'beta',
    'runs',
    'method',
  ])
  const kind = member('kind').oneOf(['scratch', 'model', 'run', 'average', 'soup'] as const)
  switch (kind) {
    case 'scratch':
      return { kind }
    case 'model':
      return { kind, model: readModel(member('model')) }
    case 'run': {
      const otherwise = member('otherwise').optional(readModel)
      return { kind, run: readRuns(member('run')), ...(otherwise ? { otherwise } : {}) }
    }
    case 'average': {
      const beta = member('beta')
      return {
        kind,
        mine: readRuns(member('mine')),
        theirs: readModel(member('theirs')),
        beta: beta.value === 'best' ? 'best' : beta.number({ min: 0, max: 1 }),
      }
    }
    case 'soup':
      return {
        kind,
        runs: readRuns(member('runs')),
        method: member('method').oneOf(['uniform', 'greedy'] as const),
      }
    default:
      return kind satisfies never
  }
}

function readSource(field: Field): RecipeSource {
  const member = field.object(['kind', 'weight', 'share', 'limit', 'among', 'digests'])
  const kind = member('kind').oneOf(['bundled', 'own', 'targets', 'submissions'] as const)
  const weight = member('weight').optional(readWeight)
  const weighted = weight === undefined ? {} : { weight }
  const share = member('share').optional((one) => one.number({ min: 0, above: 0, max: 0.99 }))
  if (share !== undefined && weight !== undefined) member('share').fail('stands beside a weight')
  if (share !== undefined && kind !== 'targets') member('share').fail('is only for data of targets')
  if (kind === 'submissions') return { kind, digests: readDigests(member('digests')), ...weighted }
  if (kind !== 'targets') return { kind, ...weighted }
  return {
    kind,
    limit: member('limit').number({ min: 1, max: 1000, whole: true }),
    among: member('among').oneOf(['all', 'gaps', 'gap-region', 'sparse-region', 'own-wins'] as const),
    ...weighted,
    ...(share === undefined ? {} : { share }),
  }
}

const readWeight = (field: Field) => field.number({ min: 0, above: 0, max: MOST_WEIGHT })

function readTraining(field: Field): RecipeTraining {
  const member = field.object(['config', 'changes'])
  const names = Object.keys(recipeBounds) as (keyof typeof recipeBounds)[]
  const changed = member('changes').object([...names, 'memoryPlan', 'layerInputBits'])
  const changes: Partial<Omit<Recipe, 'config'>> = Object.fromEntries(
    names.flatMap((name) => {
      const { min, max, integer } = recipeBounds[name]
      const value = changed(name).optional((one) => one.number({ min, max, whole: integer }))
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const memoryPlan = changed('memoryPlan').optional((one) => one.oneOf(memoryPlanChoices))
  const bits = changed('layerInputBits').optional((one) => {
    const given = one.number({ min: 16, max: 32, whole: true })
    if (given !== 16 && given !== 32) one.fail('is neither 16 nor 32')
    return given as 16 | 32
  })
  const layout = { ...(memoryPlan ? { memoryPlan } : {}), ...(bits ? { layerInputBits: bits } : {}) } as const
  return {
    config: member('config').oneOf(['network', ...configNames] as const),
    changes: { ...changes, ...layout },
  }
}

function readDistillation(field: Field): RecipeDistillation {
  const member = field.object(['alpha', 'teachers', 'logits'])
  const teachers = member('teachers').list((one) => {
    const teacher = one.object(['model', 'weight'])
    return {
      model: readModel(teacher('model')),
      weight: readWeight(teacher('weight')),
    }
  })
  if (teachers.length === 0) member('teachers').fail('is empty')
  const logits = member('logits').optional((one) => {
    const logit = one.object(['weight', 'temperature'])
    return {
      weight: logit('weight').number({ min: 0, max: 1000 }),
      temperature: logit('temperature').number({ min: 0, above: 0, max: 100 }),
    }
  })
  return { alpha: member('alpha').number({ min: 0, max: 1 }), teachers, ...(logits ? { logits } : {}) }
}

function readEmbedding(field: Field): RecipeEmbedding {
  const member = field.object(['kind', 'windows', 'seed', 'realBytesOnly'])
  const kind = member('kind').oneOf(['genesis', 'won-data'] as const)
  if (kind === 'won-data') return { kind, realBytesOnly: member('realBytesOnly').truth() }
  return {
    kind,
    windows: member('windows').number({ min: 1, max: 100_000, whole: true }),
    seed: member('seed').number({ min: 0, max: 2 ** 32 - 1, whole: true }),
  }
}

function readDigests(field: Field): string[] {
  const digests = field.list(readDigest)
  if (digests.length === 0) field.fail('is empty')
  return digests
}

function readDigest(field: Field): string {
  const digest = field.text(64)
  if (!DIGEST.test(digest)) field.fail('is not 64 lower-case hexadecimal digits')
  return digest
}

function readRan(field: Field): RecipeRan {
  const member = field.object(['run', 'at', 'found', 'base', 'data', 'result'])
  const data = member('data').object(['digest', 'sources'])
  const size = { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }
  return {
    run: member('run').text(100),
    at: member('at').text(40),
    found: member('found').list((one) => one.text(600)),
    base: member('base').orNull((one) => {
      const base = one.object(['label', 'digest'])
      return { label: base('label').text(200), digest: readDigest(base('digest')) }
    }),
    data: {
      digest: readDigest(data('digest')),
      sources: data('sources').list((one) => {
        const source = one.object(['name', 'origin', 'bytes', 'digest', 'weight'])
        const weight = source('weight').optional(readWeight)
        return {
          name: source('name').text(1000),
          origin: source('origin').text(40),
          bytes: source('bytes').number(size),
          digest: readDigest(source('digest')),
          ...(weight === undefined ? {} : { weight }),
        }
      }),
    },
    result: member('result').orNull((one) => {
      const result = one.object(['step', 'weightsDigest', 'validationLoss'])
      return {
        step: result('step').number(size),
        weightsDigest: readDigest(result('weightsDigest')),
        validationLoss: result('validationLoss').orNull((loss) => loss.number({ min: -1e9, max: 1e9 })),
      }
    }),
  }
}

function notARecipe(fileName: string, why: string, cause?: unknown): StudioError {
  return new StudioError('bad-input', `${fileName} is not a recipe: ${why}.`, {
    hint: 'Choose a JSON file that the studio exported.',
    ...(cause === undefined ? {} : { cause }),
  })
}
