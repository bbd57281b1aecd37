import type { Series } from '../metrics/series.ts'
import type { Recipe } from '../train/recipe.ts'
import type { TrainerClient } from '../worker/trainer-client.ts'
import { withHeld, withPace, withRefused } from './measured-store.ts'
import type { MetricName, RunState } from './run-store.ts'
import type { Stores } from './studio.ts'

/** The first steps compile. */
const WARM_UP = 2
const RECENT = 20
const FEWEST = 3
/** Milliseconds between two notes of a pace. */
const NOTED_EVERY = 10_000

/** Notes what runs show of the device: how long steps take, what it holds and what it refuses. */
export function followMeasured(
  { run, measured, device, tuning }: Pick<Stores, 'run' | 'measured' | 'device' | 'tuning'>,
  trainer: Pick<TrainerClient, 'call'>,
  now: () => number,
): void {
  /** Rows of the series that are not of this stretch of training. */
  let before = 0
  let notedAt = 0
  let half = false
  /** A run that could not be prepared is gone from the store when its error comes. */
  let recipe: Recipe | null = null

  const name = () => {
    const state = device.getState()
    return state.status === 'ready' && state.report.engine === 'fused' ? state.report.description : undefined
  }

  function notePace(state: RunState): void {
    const on = name()
    const { memoryPlan: plan, series } = state
    if (!on || !recipe || plan === null) return
    const steps = Math.min(RECENT, series.length - before - WARM_UP)
    if (steps < FEWEST) return
    notedAt = now()
    const { config, sequence, microBatch, accumulation, dropout, layerInputBits = 32 } = recipe
    const tokens = sequence * microBatch * accumulation
    const pace = {
      ...{ device: on, config, sequence, microBatch, accumulation, plan, layerInputBits, half },
      hasDropout: dropout > 0,
      ...{ seconds: tokens * secondsPerToken(series, steps), steps, run: state.name, at: notedAt },
    }
    measured.setState(({ paces }) => ({ paces: withPace(paces, pace) }))
  }

  function noteHeld(bytes: number): void {
    const on = name()
    if (on) measured.setState(({ memory }) => ({ memory: withHeld(memory, on, bytes) }))
  }

  /** The device had no room for the plans that come before `taken`, or for any. */
  async function noteRefusal(asked: Recipe, taken: RunState['memoryPlan']): Promise<void> {
    const on = name()
    const at = now()
    const plans = await trainer.call({ kind: 'memoryPlans', recipe: asked, half: tuning.getState().half })
    const { memoryPlan = 'auto', memoryLimit = 0 } = asked
    const tried = plans.filter((plan) => (memoryPlan === 'auto' ? plan.exact : plan.name === memoryPlan))
    const index = taken === null ? tried.length : tried.findIndex((plan) => plan.name === taken)
    // What was above a stated limit was not asked of the device.
    const refused = tried
      .slice(0, Math.max(0, index))
      .map(({ bytes }) => bytes)
      .filter((bytes) => memoryLimit === 0 || bytes <= memoryLimit * 1e9)
    if (!on || refused.length === 0) return
    measured.setState(({ memory }) => ({ memory: withRefused(memory, on, Math.min(...refused), at) }))
  }

  const quietly = (work: Promise<void>) => void work.catch(() => undefined)

  run.subscribe((state, last) => {
    if (state.phase === 'preparing' && last.phase !== 'preparing') {
      recipe = state.recipe
      half = tuning.getState().half
    }
    if (state.phase === 'running' && last.phase === 'preparing') {
      before = state.series.length
      notedAt = now()
    }
    const moved = state.phase !== last.phase && last.phase !== 'preparing'
    if (moved || (state.revision !== last.revision && now() - notedAt > NOTED_EVERY)) notePace(state)
    if (state.memoryBytes !== null && state.memoryBytes !== last.memoryBytes) noteHeld(state.memoryBytes)
    const { memoryPlan } = state
    if (memoryPlan !== null && last.memoryPlan !== null && memoryPlan !== last.memoryPlan && recipe) {
      quietly(noteRefusal(recipe, memoryPlan))
    }
    if (state.error?.code === 'out-of-memory' && state.error !== last.error && recipe) {
      quietly(noteRefusal(recipe, null))
    }
  })
}

/** Tokens by time, so that a slow step weighs as long as it took. */
function secondsPerToken(series: Series<MetricName>, steps: number): number {
  const rates = series.column('tokensPerSecond').subarray(-steps)
  return rates.reduce((sum, rate) => sum + 1 / rate, 0) / steps
}
