import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { type ConfigName, modelConfigs } from '../../../model/model-config.ts'
import type { GapRow } from '../../../strategies/gaps/gap-table.ts'
import { formatRecipe, parseRecipe } from '../../../strategies/recipes/parse-recipe.ts'
import {
  type ModelChoice,
  RECIPE_FORMAT,
  type RunChoice,
  resolveTraining,
  type StrategyRecipe,
} from '../../../strategies/recipes/strategy-recipe.ts'
import type { CorpusItem, RunRecord } from '../../../worker/protocol.ts'
import { gapRows } from '../../gap-rows.ts'
import type { DistilChoice, StartChoice } from '../../setup-store.ts'
import type { WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { BlendChoice } from './blend-actions.ts'
import type { GapChoice } from './gap-actions.ts'
import type { StrategyDesk } from './strategy-desk.ts'
import type { FetchTargets } from './target-data.ts'

/** Strategies that a recipe goes on with. */
interface OtherStrategies {
  blend(choice: BlendChoice): Promise<void>
  analyseGaps(choice: GapChoice): Promise<void>
  trainOnGaps(rows: readonly GapRow[]): Promise<void>
}

const recipesKey = 'recipes'

export function recipeActions(
  { stores, storage }: Pick<StudioParts, 'stores' | 'storage'>,
  desk: StrategyDesk,
  fetchTargets: FetchTargets,
  corpus: CorpusActions,
  others: OtherStrategies,
) {
  const { strategy, network, runs, setup, view } = stores
  strategy.setState({ recipes: keptRecipes(storage.get(recipesKey)) })

  function keep(recipes: readonly StrategyRecipe[]) {
    storage.set(recipesKey, recipes)
    strategy.setState({ recipes })
  }

  /** A model of the network by its role; throws 'not-found'. */
  function modelOf(choice: ModelChoice): Extract<WeightsChoice, { kind: 'model' }> {
    const { system, targets, competitors } = network.getState()
    const models = (system?.models ?? []).filter(({ downloadable }) => downloadable)
    const wins = (modelId: string) => targets.filter((one) => one.winningModelId === modelId).length
    const rank = { leader: wins, 'most-stake': (id: string) => stakeOf(id) }
    const stakeOf = (id: string) => Number(models.find((one) => one.id === id)?.stake ?? 0n)
    if (choice.pick === 'lowest-loss' || choice.pick === 'nearest') {
      throw new StudioError('unsupported', `This screen cannot look up the model by "${choice.pick}" yet.`, {
        hint: 'Name the leader, the most stake, or a model by its id in the recipe.',
      })
    }
    const found =
      choice.pick === 'model'
        ? models.find(({ id }) => id === choice.modelId)
        : [...models].sort((a, b) => {
            const by = rank[choice.pick as keyof typeof rank]
            return by(b.id) - by(a.id)
          })[0]
    if (!found) {
      throw new StudioError('not-found', 'The model that the recipe starts from is not on this network.', {
        hint: 'Its weights must have been revealed. Choose another network or recipe.',
      })
    }
    const label = competitors.find(({ id }) => id === found.id)?.name ?? compactAddress(found.id)
    return { kind: 'model', modelId: found.id, label }
  }

  function runsOf(choice: RunChoice, config: ConfigName): readonly RunRecord[] {
    const mine = runs
      .getState()
      .runs.filter(({ checkpoint, recipe }) => checkpoint && recipe.config === config)
    const found =
      choice.pick === 'last'
        ? mine.slice(0, choice.count)
        : mine.filter(({ id }) => choice.runIds.includes(id))
    if (found.length > 0) return found
    throw new StudioError('not-found', 'There is no run of this config that the recipe could go on from.', {
      hint: 'Train a run first, then apply the recipe again.',
    })
  }

  /** The config whose embeddings this network scores. */
  function networkConfig(): ConfigName {
    const dim = Number(network.getState().system?.parameters.targetEmbeddingDim ?? 0n)
    const found = Object.values(modelConfigs).find((config) => config.dim === dim)
    return (found?.name as ConfigName | undefined) ?? setup.getState().recipe.config
  }

  function startOf({ start }: StrategyRecipe, config: ConfigName): StartChoice {
    switch (start.kind) {
      case 'scratch':
        return start
      case 'model': {
        const { modelId, label } = modelOf(start.model)
        return { kind: 'competitor', modelId, label }
      }
      case 'run': {
        const [run] = runsOf(start.run, config)
        return { kind: 'run', runId: run!.id, label: run!.name }
      }
      case 'average':
      case 'soup':
        throw new StudioError(
          'unsupported',
          'A recipe that blends weights and then trains is done in two steps.',
          {
            hint: 'Blend the weights on the first tab, then train the run that it makes.',
          },
        )
      default:
        return start satisfies never
    }
  }

  function teachersOf({ distillation }: StrategyRecipe): DistilChoice | null {
    if (!distillation) return null
    const teachers = distillation.teachers.map(({ model, weight }) => ({ weights: modelOf(model), weight }))
    return { alpha: distillation.alpha, teachers, logits: distillation.logits ?? null }
  }

  async function addData(file: StrategyRecipe, notes: string[], signal: AbortSignal): Promise<void> {
    const items: CorpusItem[] = []
    for (const source of file.data) {
      // The gaps are added by their own analysis, which follows.
      if (source.kind !== 'targets' || source.among === 'gaps') continue
      if (source.among === 'sparse-region') {
        notes.push('Choose a region on the Map tab: its data is added from there.')
        continue
      }
      const winner = source.among === 'own-wins' ? ownModel() : undefined
      const onProgress = desk.report('Fetching the network’s data', 'targets')
      const query = { limit: source.limit, signal, onProgress, ...(winner ? { winner } : {}) }
      const found = await fetchTargets(query)
      notes.push(...found.notes)
      const weight = source.weight === undefined ? {} : { weight: source.weight }
      items.push(...found.data.map(({ item }) => ({ ...item, ...weight })))
    }
    if (items.length > 0) await corpus.mixIn(items)
  }

  function ownModel(): string {
    const { address } = stores.wallet.getState()
    const own = network.getState().system?.models.find(({ owner }) => owner === address)
    if (own) return own.id
    throw new StudioError('not-found', 'You have no model on this network, so nothing was won.', {
      hint: 'Commit and reveal a model first.',
    })
  }

  /** What a recipe without training makes; 'unsupported' where it would have to be measured first. */
  function blendOf({ start }: StrategyRecipe, config: ConfigName): BlendChoice {
    if (start.kind === 'soup') {
      const runIds = runsOf(start.runs, config).map(({ id }) => id)
      return { kind: start.method === 'greedy' ? 'greedySoup' : 'soup', runIds }
    }
    if (start.kind === 'average' && start.beta !== 'best') {
      const [run] = runsOf(start.mine, config)
      const mine = { kind: 'run', runId: run!.id, label: run!.name } as const
      return { kind: 'average', mine, theirs: modelOf(start.theirs), beta: start.beta }
    }
    throw new StudioError('unsupported', 'This recipe trains nothing and blends nothing by itself.', {
      hint: 'Sweep beta on the first tab, then make the run with the best one.',
    })
  }

  async function gapsOf(start: StartChoice, limit: number): Promise<void> {
    const mine: WeightsChoice | null =
      start.kind === 'run'
        ? start
        : start.kind === 'competitor'
          ? { kind: 'model', modelId: start.modelId, label: start.label }
          : null
    if (!mine) return
    strategy.setState({ tab: 'gaps', mine })
    await others.analyseGaps({ mine, other: null, limit })
    const { gaps, errors } = strategy.getState()
    if (gaps && !errors.gaps) await others.trainOnGaps(gapRows(gaps))
  }

  return {
    /** Does what the recipe says up to the click on Train; a blend is made at once, gaps are analysed. */
    async applyRecipe(file: StrategyRecipe) {
      let next: (() => Promise<void>) | undefined
      await desk.perform('recipes', `Applying ${file.name}`, async (signal) => {
        const notes: string[] = []
        const config = networkConfig()
        const training = resolveTraining(file, config)
        if (!training) {
          const choice = blendOf(file, config)
          next = () => others.blend(choice)
          strategy.setState({ tab: 'blend', applied: null })
          return
        }
        const start = startOf(file, training.config)
        const distillation = teachersOf(file)
        await addData(file, notes, signal)
        setup.setState({ recipe: training, start, distillation })
        await corpus.recount()
        if (file.passages) notes.push('Cut your data into passages on the last tab before you train.')
        strategy.setState({ applied: { name: file.name, notes } })
        const gaps = file.data.find((one) => one.kind === 'targets' && one.among === 'gaps')
        if (gaps?.kind === 'targets') next = () => gapsOf(start, gaps.limit)
        else if (notes.length === 0) view.setState({ screen: 'train' })
      })
      await next?.()
    },

    /** Keeps recipes of files; rejects with 'bad-input' that names the place in the file. */
    async importRecipe(file: File) {
      const recipe = parseRecipe(await file.text(), file.name)
      const others = strategy.getState().recipes.filter(({ name }) => name !== recipe.name)
      keep([...others, recipe])
      return recipe
    },

    forgetRecipe: (name: string) => keep(strategy.getState().recipes.filter((one) => one.name !== name)),

    recipeFile: (recipe: StrategyRecipe) => new Blob([formatRecipe(recipe)], { type: 'application/json' }),

    /** What is set up on the Train screen, as a recipe; a file to start from cannot be named in one. */
    recipeOfSetup(name: string): StrategyRecipe {
      const { recipe, start, distillation } = setup.getState()
      const { config, ...changes } = recipe
      const { memoryPlan: _, ...figures } = changes
      const targets = stores.corpus.getState().items.filter(({ origin }) => origin === 'target').length
      return {
        format: RECIPE_FORMAT,
        version: 1,
        name,
        description: 'Exported from the Train screen.',
        start: recipeStart(start),
        data: [
          { kind: 'own' },
          ...(targets > 0 ? [{ kind: 'targets', limit: targets, among: 'all' } as const] : []),
        ],
        training: { config, changes: figures },
        ...(distillation ? { distillation: recipeTeachers(distillation) } : {}),
        embedding: { kind: 'genesis', windows: 256, seed: recipe.seed },
      }
    },
  }
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

/** What storage holds, read as files are: another version may have written it. */
function keptRecipes(stored: unknown): readonly StrategyRecipe[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((one) => {
    try {
      return [parseRecipe(JSON.stringify(one))]
    } catch {
      return []
    }
  })
}
