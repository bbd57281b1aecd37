import { StudioError } from '../../../lib/studio-error.ts'
import { type ConfigName, modelConfigs } from '../../../model/model-config.ts'
import { formatRecipe, MOST_CHARACTERS, parseRecipe } from '../../../strategies/recipes/parse-recipe.ts'
import { resolveTraining, type StrategyRecipe } from '../../../strategies/recipes/strategy-recipe.ts'
import type { Recipe } from '../../../train/recipe.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'
import type { LossData } from '../../../worker/strategy-protocol.ts'
import { scoredWindows } from '../../scored-windows.ts'
import { setupRecipe } from '../../setup-recipe.ts'
import type { DistilChoice, StartChoice } from '../../setup-store.ts'
import type { AppliedRecipe, WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { RunActions } from '../run-actions.ts'
import { MY_DATA } from './blend-actions.ts'
import type { GapChoice } from './gap-actions.ts'
import { type EmbeddingOf, modelPicker, type PickQuery } from './pick-models.ts'
import { ranRecipe } from './ran-recipe.ts'
import { dataGatherer } from './recipe-data.ts'
import { originResolver, type RecipeOrigin } from './recipe-start.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import { type MixPart, shareOfMix } from './share-of-mix.ts'
import type { StrategyDesk } from './strategy-desk.ts'
import type { FetchTargets } from './target-data.ts'

/** What recipes are run with. */
export interface RecipeTools {
  readonly weights: WeightsResolver
  readonly fetchTargets: FetchTargets
  readonly corpus: CorpusActions
  readonly embeddingOf: EmbeddingOf
  readonly run: Pick<RunActions, 'train'>
  analyseGaps(choice: GapChoice): Promise<void>
}

const recipesKey = 'recipes'

export function recipeActions(
  parts: Pick<StudioParts, 'stores' | 'storage' | 'trainer' | 'assetUrl'>,
  desk: StrategyDesk,
  tools: RecipeTools,
) {
  const { stores, storage, trainer } = parts
  const { strategy, network, setup, view, runs } = stores
  const pick = modelPicker(parts, tools.weights, tools.embeddingOf)
  const originOf = originResolver(parts, tools.weights, pick)
  const gather = dataGatherer(parts, tools.fetchTargets)
  strategy.setState({ recipes: keptRecipes(storage.get(recipesKey)) })

  function keep(recipes: readonly StrategyRecipe[]) {
    storage.set(recipesKey, recipes)
    strategy.setState({ recipes })
  }

  const told = (change: Partial<AppliedRecipe>) =>
    strategy.setState(({ applied }) => ({ applied: applied && { ...applied, ...change } }))
  const say = ({ found, notes }: Pick<AppliedRecipe, 'found' | 'notes'>) =>
    strategy.setState(({ applied }) => ({
      applied: applied && {
        ...applied,
        found: [...applied.found, ...found],
        notes: [...applied.notes, ...notes],
      },
    }))

  /** The config whose embeddings this network scores. */
  function networkConfig(): ConfigName {
    const dim = Number(network.getState().system?.parameters.targetEmbeddingDim ?? 0n)
    const found = Object.values(modelConfigs).find((config) => config.dim === dim)
    return (found?.name as ConfigName | undefined) ?? setup.getState().recipe.config
  }

  const myItems = () => stores.corpus.getState().items.filter(({ origin }) => origin !== 'target')

  function myData(): LossData {
    const items = myItems()
    if (items.length > 0) return { name: MY_DATA, items, side: 'validation' }
    throw new StudioError('bad-input', 'There is no data of yours to measure on.', {
      hint: 'Drop a file on the page, or use the bundled text.',
    })
  }

  function query(config: ConfigName, signal: AbortSignal): PickQuery {
    const fetching = (name: string) => desk.fetching(name, signal)
    return { config, data: myData, windows: scoredWindows(config), signal, fetching }
  }

  async function teachersOf(
    { distillation }: StrategyRecipe,
    asked: PickQuery,
  ): Promise<DistilChoice | null> {
    if (!distillation) return null
    const teachers = []
    for (const { model, weight } of distillation.teachers) {
      const { weights, ...said } = await pick(model, asked)
      say({ found: [`Teacher: ${said.found}`], notes: said.notes })
      teachers.push({ weights, weight })
    }
    return { alpha: distillation.alpha, teachers, logits: distillation.logits ?? null }
  }

  /** One part of a recipe's work; resolves with nothing where it failed or was cancelled, which the tab then says. */
  async function part<T>(label: string, job: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    let made: T | undefined
    await desk.perform('recipes', label, async (signal) => {
      made = await job(signal)
    })
    if (!strategy.getState().errors.recipes && made !== undefined) return made
    told({ stage: 'failed' })
    return undefined
  }

  /** The gap analysis that some source asks for; its failure becomes the recipe's. */
  async function analysed(file: StrategyRecipe, start: StartChoice): Promise<boolean> {
    const source = file.data.find(
      (one) => one.kind === 'targets' && (one.among === 'gaps' || one.among === 'gap-region'),
    )
    if (source?.kind !== 'targets') return true
    strategy.setState({ gaps: null })
    const mine = weightsOf(start)
    if (mine) await tools.analyseGaps({ mine, other: null, limit: source.limit })
    const { errors, gaps } = strategy.getState()
    if (gaps && !errors.gaps) return true
    const error = mine
      ? (errors.gaps ?? new StudioError('cancelled', 'Cancelled.').serialise())
      : new StudioError('bad-input', 'A recipe that trains on gaps must start from weights.', {
          hint: 'Let it start from a model of the network or from a run.',
        }).serialise()
    strategy.setState({ errors: { ...errors, recipes: error } })
    told({ stage: 'failed' })
    return false
  }

  /** Puts data, recipe and start on the Train screen. */
  async function setUp(
    file: StrategyRecipe,
    recipe: Recipe,
    { start, pinned }: RecipeOrigin,
    signal: AbortSignal,
  ): Promise<StrategyRecipe> {
    const distillation = await teachersOf(file, query(recipe.config, signal))
    const parts: MixPart[] = []
    for (const source of file.data) {
      const onProgress = desk.report('Fetching data', 'targets')
      const { items, ...said } = await gather(source, { signal, onProgress })
      const share = source.kind === 'targets' ? source.share : undefined
      parts.push({ items, ...(share === undefined ? {} : { share }) })
      say(said)
    }
    const { items, notes } = shareOfMix(parts, recipe.sequence)
    say({ found: [], notes })
    setup.setState({ recipe, start, distillation })
    const sources = await taken(items)
    if (file.passages) {
      const cut = { kind: 'splitPassages', passages: file.passages.kind, sequence: recipe.sequence } as const
      await taken((await trainer.call({ ...cut, items })).items)
    }
    if (file.embedding.kind === 'won-data') {
      say({
        found: [],
        notes: ['Its embedding over won data is computed on the tab Embedding update, once it has won.'],
      })
    }
    const { name, description, embedding, passages } = file
    const made = setupRecipe(setup.getState(), sources, { name, description })
    return { ...made, ...(pinned ? { start: pinned } : {}), ...(passages ? { passages } : {}), embedding }
  }

  async function taken(items: readonly CorpusItem[]) {
    await tools.corpus.replaceItems(items)
    const { error, summary } = stores.corpus.getState()
    if (error) throw StudioError.from(error)
    return summary?.sources ?? []
  }

  /** What was different when the file ran. */
  async function compare({ ran }: StrategyRecipe, runId: string): Promise<void> {
    const list = await trainer.call({ kind: 'listRuns' })
    runs.setState({ runs: list })
    const record = list.find(({ id }) => id === runId)
    if (!ran || !record) return
    const notes: string[] = []
    if ((record.base?.digest ?? null) !== (ran.base?.digest ?? null))
      notes.push(`The weights that it begins with are not those with which ${ran.run} began.`)
    if (record.corpus.digest !== ran.data.digest)
      notes.push(`The data is not what ${ran.run} was trained on: other files, or other weights of them.`)
    say({ found: notes.length > 0 ? [] : [`Weights and data are those of ${ran.run}.`], notes })
  }

  async function begun(file: StrategyRecipe, pinned: StrategyRecipe): Promise<void> {
    const runId = crypto.randomUUID()
    const found = strategy.getState().applied?.found ?? []
    await tools.run.train({ runId, provenance: { recipe: { file: pinned, found } } })
    const { runId: shown, phase } = stores.run.getState()
    const trains = shown === runId && phase !== 'idle'
    told(trains ? { stage: 'training', runId } : { stage: 'ready' })
    view.setState({ screen: 'train' })
    if (trains) await compare(file, runId).catch(() => undefined)
  }

  /** What a run was, as a recipe that runs it again; 'unsupported' where that is not known. */
  async function recipeOfRun(runId: string): Promise<StrategyRecipe> {
    const list = await trainer.call({ kind: 'listRuns' })
    const record = list.find(({ id }) => id === runId)
    if (!record) throw new StudioError('not-found', 'This run is no longer on this device.')
    return ranRecipe(record)
  }

  /** Does what the recipe says, to the end or, with `begin` false, up to the click on Train; blends are made in any case. */
  async function runRecipe(file: StrategyRecipe, begin = true): Promise<void> {
    if (strategy.getState().job) return
    strategy.setState({
      applied: { name: file.name, stage: 'working', found: [], notes: [], runId: null },
    })
    const config = networkConfig()
    const origin = await part(`Looking up what ${file.name} names`, async (signal) => {
      const recipe = resolveTraining(file, config)
      const asked = query(recipe?.config ?? config, signal)
      const made = await originOf(file, recipe?.config ?? config, asked)
      say(made)
      return { ...made, recipe }
    })
    if (!origin) return
    const { recipe, mergedId } = origin
    if (mergedId) {
      const found = strategy.getState().applied?.found ?? []
      const pinned = { ...file, ...(origin.pinned ? { start: origin.pinned } : {}) }
      const provenance = { recipe: { file: pinned, found } }
      await trainer.call({ kind: 'recordProvenance', runId: mergedId, provenance })
    }
    if (!recipe) return told({ stage: 'merged', runId: mergedId })
    if (!(await analysed(file, origin.start))) return
    const pinned = await part('Fetching data', (signal) => setUp(file, recipe, origin, signal))
    if (!pinned) return
    if (begin) await begun(file, pinned)
    else {
      told({ stage: 'ready' })
      if (strategy.getState().applied?.notes.length === 0) view.setState({ screen: 'train' })
    }
  }

  return {
    runRecipe,
    recipeOfRun,

    /** Trains as this distilled run was, its teachers only measured: what shows whether they helped. */
    async trainAlone(runId: string) {
      const { distillation, ...file } = await recipeOfRun(runId)
      if (!distillation) throw new StudioError('bad-input', 'This run had no teacher.')
      const { teachers } = distillation
      await runRecipe({
        ...file,
        name: `${file.name}, without a teacher`,
        distillation: { alpha: 1, teachers },
      })
    },

    /** Keeps recipes of files; rejects with 'bad-input' that names the place in the file. */
    async importRecipe(file: File) {
      // One that is too long is refused by its first bytes alone.
      const recipe = parseRecipe(await file.slice(0, MOST_CHARACTERS + 1).text(), file.name)
      const others = strategy.getState().recipes.filter(({ name }) => name !== recipe.name)
      keep([...others, recipe])
      return recipe
    },

    forgetRecipe: (name: string) => keep(strategy.getState().recipes.filter((one) => one.name !== name)),

    recipeFile: (recipe: StrategyRecipe) => new Blob([formatRecipe(recipe)], { type: 'application/json' }),

    /** What is set up on the Train screen, as a recipe; a file to start from cannot be named in one. */
    recipeOfSetup: (name: string): StrategyRecipe =>
      setupRecipe(setup.getState(), stores.corpus.getState().summary?.sources ?? [], {
        name,
        description: 'Exported from the Train screen.',
      }),
  }
}

function weightsOf(start: StartChoice): WeightsChoice | null {
  switch (start.kind) {
    case 'run':
      return start
    case 'competitor':
      return { kind: 'model', modelId: start.modelId, label: start.label }
    case 'scratch':
    case 'file':
      return null
    default:
      return start satisfies never
  }
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
