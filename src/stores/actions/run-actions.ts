import { throwIfAborted } from '../../lib/abort.ts'
import { memorableName } from '../../lib/memorable-name.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { isBusy } from '../../train/phase.ts'
import type { Recipe } from '../../train/recipe.ts'
import type { KeepCheckpoints, RunProvenance, StartFrom } from '../../worker/protocol.ts'
import type { DistillationSpec } from '../../worker/strategy-protocol.ts'
import { emptyRun } from '../run-store.ts'
import { setupRecipe } from '../setup-recipe.ts'
import type { DistilChoice, StartChoice } from '../setup-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { hostedWeights } from './hosted-weights.ts'
import { rememberData } from './last-data.ts'
import { weightsResolver } from './strategies/resolve-weights.ts'

/** A run that the page was training when it closed: offered for resuming at the next visit. */
const openRunKey = 'open-run'

export function runActions({ stores, trainer, storage, readHosted, now }: StudioParts) {
  const { run, runs, setup, corpus, tuning } = stores
  const weights = weightsResolver({ stores, readHosted, trainer })
  /** What the page itself fetches for a run that is being prepared. */
  let preparing = new AbortController()

  const fail = (error: unknown) =>
    run.setState({ error: StudioError.from(error).serialise(), progress: null })

  /** A call whose failure the run panel shows. */
  async function attempt(call: () => Promise<unknown>): Promise<void> {
    try {
      await call()
    } catch (error) {
      fail(error)
    }
  }

  function fetching(name: string, { signal }: AbortController) {
    const startedAt = now()
    const label = `Fetching the weights of ${name}`
    const onProgress = (done: number, total: number) =>
      run.setState({ progress: { label, done, total, unit: 'bytes', startedAt } })
    return { signal, onProgress }
  }

  async function resolveStart(choice: StartChoice): Promise<StartFrom> {
    switch (choice.kind) {
      case 'scratch':
        return choice
      case 'run':
        return choice
      case 'file':
        return { kind: 'file', label: choice.label, data: choice.file }
      case 'competitor': {
        const options = fetching(choice.label, preparing)
        const file = await hostedWeights({ stores, readHosted }, choice.modelId, choice.label, options)
        return { ...choice, file }
      }
      default:
        return choice satisfies never
    }
  }

  async function resolveTeachers({ alpha, teachers, logits }: DistilChoice): Promise<DistillationSpec> {
    const resolved = []
    for (const { weights: choice, weight } of teachers) {
      resolved.push({ weights: await weights.reference(choice, fetching(choice.label, preparing)), weight })
    }
    return { alpha, teachers: resolved, ...(logits ? { logits } : {}) }
  }

  /** Every run records how it was set up, unless that is known better; weights of a file cannot be named. */
  function recorded(provenance: RunProvenance | undefined, name: string): { provenance?: RunProvenance } {
    if (provenance?.recipe) return { provenance }
    const sources = corpus.getState().summary?.sources ?? []
    const texts = { name: `As ${name}`, description: `The setup of the run ${name}.` }
    try {
      const file = setupRecipe(setup.getState(), sources, texts)
      return { provenance: { ...provenance, recipe: { file, found: [] } } }
    } catch {
      return provenance ? { provenance } : {}
    }
  }

  function rememberOpen(runId: string) {
    try {
      storage.set(openRunKey, runId)
    } catch {
      // The run goes on all the same; after a reload it is found on the Runs screen.
    }
  }

  async function refreshRuns() {
    const list = await trainer.call({ kind: 'listRuns' })
    runs.setState({ loaded: true, runs: list })
  }

  // A run that ended by itself or was stopped is not one to offer again.
  run.subscribe((state, before) => {
    if (state.phase === before.phase) return
    if (state.phase === 'finished') storage.remove(openRunKey)
    if (!isBusy(state.phase)) void refreshRuns().catch(fail)
  })

  return {
    memoryPlans: (recipe: Recipe) =>
      trainer.call({ kind: 'memoryPlans', recipe, half: tuning.getState().half }),

    async train(options: TrainOptions = {}) {
      const { recipe: chosen, start, distillation: wanted } = setup.getState()
      const { keep } = options
      const every = keep ? { checkpointEvery: keep.every } : {}
      const recipe = { ...chosen, ...(options.steps === undefined ? {} : { steps: options.steps }), ...every }
      const data = corpus.getState()
      const { items } = data
      if (isBusy(run.getState().phase)) return
      const runId = options.runId ?? crypto.randomUUID()
      const name = options.name ?? memorableName([Math.random(), Math.random()])
      const { steps: totalSteps, warmupSteps } = recipe
      run.setState({ ...emptyRun(), runId, name, recipe, totalSteps, warmupSteps, phase: 'preparing' })
      runs.setState({ resumable: null })
      preparing = new AbortController()
      await attempt(async () => {
        try {
          const startFrom = await resolveStart(start)
          const distillation = wanted && (await resolveTeachers(wanted))
          const more = {
            ...(distillation ? { distillation } : {}),
            ...(keep ? { keep } : {}),
            ...recorded(options.provenance, name),
          }
          throwIfAborted(preparing.signal)
          const { half } = tuning.getState()
          await trainer.call({ kind: 'start', runId, name, recipe, items, startFrom, half, ...more })
          rememberOpen(runId)
          rememberData(storage, runId, data)
        } catch (error) {
          // A run that never began leaves nothing, its name neither.
          run.setState(emptyRun())
          throw error
        }
      })
    },

    pause: () => attempt(() => trainer.call({ kind: 'pause' })),
    resume: () => attempt(() => trainer.call({ kind: 'resume' })),
    stepOnce: () => attempt(() => trainer.call({ kind: 'step' })),
    stop: () => attempt(() => trainer.call({ kind: 'stop' })),
    save: () => attempt(() => trainer.call({ kind: 'save' })),
    cancel() {
      preparing.abort()
      return attempt(() => trainer.call({ kind: 'cancel', job: 'run' }))
    },

    sample: (prompt: string) =>
      attempt(() =>
        trainer.call({
          kind: 'sample',
          prompt: new TextEncoder().encode(prompt),
          length: 160,
          temperature: 0.8,
        }),
      ),

    async resumeRun(runId: string, moreSteps = 0, retune = false, keep?: KeepCheckpoints) {
      const record = runs.getState().runs.find(({ id }) => id === runId)
      if (!record || isBusy(run.getState().phase)) return
      const steps = Math.max(record.recipe.steps, record.stepsDone) + moreSteps
      run.setState({
        ...emptyRun(),
        runId,
        name: record.name,
        recipe: { ...record.recipe, steps },
        totalSteps: steps,
        warmupSteps: record.recipe.warmupSteps,
        checkpoint: record.checkpoint,
        phase: 'preparing',
      })
      runs.setState({ resumable: null })
      await attempt(async () => {
        try {
          const { half } = tuning.getState()
          await trainer.call({ kind: 'resumeRun', runId, steps, retune, half, ...(keep ? { keep } : {}) })
          rememberOpen(runId)
        } catch (error) {
          run.setState({ phase: 'idle' })
          throw error
        }
      })
    },

    runHistory: (runId: string) => trainer.call({ kind: 'runHistory', runId }),

    async deleteRun(runId: string) {
      await attempt(async () => {
        await trainer.call({ kind: 'deleteRun', runId })
        if (run.getState().runId === runId) run.setState(emptyRun())
        await refreshRuns()
      })
    },

    dismissResumable() {
      runs.setState({ resumable: null })
      storage.remove(openRunKey)
    },

    async restartTrainer() {
      trainer.restart()
      run.setState({ phase: 'idle', error: null })
      await attempt(refreshRuns)
    },

    /** At the start of a visit: the list of runs, and the one that was cut off. */
    async loadRuns() {
      await attempt(async () => {
        await refreshRuns()
        const open = storage.get(openRunKey)
        const resumable = runs.getState().runs.find(({ id }) => id === open)
        runs.setState({ resumable: resumable?.checkpoint ? resumable : null })
      })
    },
  }
}

export type RunActions = ReturnType<typeof runActions>

/** What a plan or a recipe asks of a run beside what is set up on the Train screen. */
export interface TrainOptions {
  readonly runId?: string
  readonly name?: string
  readonly steps?: number
  readonly keep?: KeepCheckpoints
  readonly provenance?: RunProvenance
}
