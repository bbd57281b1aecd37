import { memoryStore } from '../../src/lib/key-value-store.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { type StudioDevice, visit } from '../../src/stores/actions/strategies/node-studio.fixture.ts'
import { checkpointsOf } from '../../src/stores/actions/strategies/pick-checkpoints.ts'
import type { WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { formatRecipe, parseRecipe } from '../../src/strategies/recipes/parse-recipe.ts'
import { resolveTraining, type StrategyRecipe } from '../../src/strategies/recipes/strategy-recipe.ts'
import { loadCheckpoint } from '../../src/weights/load-checkpoint.ts'
import { memoryVault } from '../../src/weights/memory-vault.ts'
import type { CorpusItem } from '../../src/worker/protocol.ts'
import { plainHost } from '../../src/worker/trainer/plain-host.fixture.ts'
import type { Lab } from './lab.ts'

/** What is changed of a recipe before it runs. */
export interface Lowered {
  /** Of the recipe's steps and of its warm-up. */
  readonly share: number
  readonly seed: number
}

/** The studio's own actions, stores and trainer on a lab's network and engines: recipes run as by a click on Run. */
export interface RecipeStudio {
  /** What the user has added. */
  setOwn(items: readonly CorpusItem[]): void
  /** Runs a recipe to its end and gives the weights of its run. */
  run(file: StrategyRecipe): Promise<WeightsReader>
  /** Weights of the newest checkpoints, the newest first. */
  newest(count: number): Promise<readonly WeightsReader[]>
  /** What the last blend took, of how many. */
  taken(): { readonly taken: number; readonly of: number }
  /** Targets whose data the last recipe has added. */
  targets(): readonly string[]
}

export async function openRecipeStudio(lab: Lab): Promise<RecipeStudio> {
  const host = lab.openNetwork()
  const vault = memoryVault()
  const engines: StudioDevice['engines'] = {
    ...plainHost,
    open: async () => lab.openEngine(),
    async openForward(config, source) {
      const engine = lab.openEngine()
      for (const { name } of parameterTable(config)) engine.writeTensor(name, await source(name))
      return engine
    },
  }
  const blobs = { get: async (url: string) => (await host.fetch(url)).blob(), set() {} }
  const studio = await visit({ chain: host.network, storage: memoryStore(), vault, blobs, engines })
  const { stores } = studio

  /** Resolves when the run that is under way has ended. */
  async function ended(): Promise<string> {
    const { run } = stores
    if (!['finished', 'failed'].includes(run.getState().phase)) {
      await new Promise<void>((resolve) => {
        const stop = run.subscribe(({ phase }) => {
          if (phase !== 'finished' && phase !== 'failed') return
          stop()
          resolve()
        })
      })
    }
    const { phase, runId, error } = run.getState()
    if (phase === 'failed' || !runId) throw new Error(`The run failed: ${error?.message ?? phase}`)
    return runId
  }

  async function weightsOf(runId: string): Promise<WeightsReader> {
    return loadCheckpoint(vault, runId, parameterTable(lab.config))
  }

  return {
    setOwn: (items) => stores.corpus.setState({ items }),
    async run(file) {
      await studio.runRecipe(file)
      const { applied, errors } = stores.strategy.getState()
      if (errors.recipes) throw new Error(`${file.name}: ${errors.recipes.message}`)
      const runId = applied?.stage === 'merged' ? applied.runId! : await ended()
      stores.runs.setState({ runs: await studio.runs() })
      return weightsOf(runId)
    },
    async newest(count) {
      const found = checkpointsOf(stores.runs.getState().runs, 'small').slice(0, count)
      return Promise.all(found.map(({ runId }) => weightsOf(runId)))
    },
    taken() {
      const { trials } = stores.strategy.getState().merged!
      return { taken: trials.filter(({ taken }) => taken).length, of: trials.length }
    },
    targets: () => stores.corpus.getState().items.flatMap(({ provenance }) => provenance?.['Target'] ?? []),
  }
}

/** The recipe as its file has it, read from that file, with a share of the steps and another seed. */
export function lowered(shipped: StrategyRecipe, { share, seed }: Lowered): StrategyRecipe {
  const file = parseRecipe(formatRecipe(shipped))
  const whole = resolveTraining(file, 'small')
  if (!file.training || !whole) return file
  const steps = Math.round(share * whole.steps)
  const warmupSteps = Math.round(share * whole.warmupSteps)
  const changes = { ...file.training.changes, steps, warmupSteps, seed }
  return { ...file, training: { ...file.training, changes } }
}
