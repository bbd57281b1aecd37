import type { Engine, StepResult, TokenBatch } from '../engine/engine.ts'
import { StudioError } from '../lib/studio-error.ts'
import { learningRateAt, type Recipe } from './recipe.ts'
import type { RunControl } from './run-control.ts'
import { type Validation, validate } from './validate.ts'

/** One optimizer step, as the charts take it. */
export interface StepMetrics {
  readonly step: number
  readonly loss: number
  readonly crossEntropy: number
  readonly sigreg: number
  readonly gradientNorm: number
  readonly learningRate: number
  /** Parts of a step that distils, as in `StepResult`; absent in others. */
  readonly embeddingError?: number
  readonly logitDivergence?: number
  /** Tokens trained a second over this step, PAD included. */
  readonly tokensPerSecond: number
}

/** The micro-batches of one step. */
export interface StepBatches {
  readonly microBatches: readonly TokenBatch[]
  /** Takes the reading back, as if it had not been: the step was cancelled. */
  readonly rewind: () => void
}

/** What the loop needs from outside, and whom it tells. */
export interface TrainLoop {
  readonly engine: Engine
  readonly recipe: Recipe
  readonly control: Pick<RunControl, 'gate' | 'signal'>
  /** Seconds on a clock that never runs back. */
  readonly now: () => number
  nextBatches(count: number): Promise<StepBatches>
  readonly validationBatches: readonly TokenBatch[]
  /** SIGReg noise of validation, [dim, 256]. */
  readonly validationNoise: Float32Array
  onStep(metrics: StepMetrics): void
  onValidation(step: number, validation: Validation): void
  /** Told of a promise that settles when every step asked for so far has been reported. */
  onPending(reported: Promise<unknown>): void
  /** Writes a sample of what the model says now. */
  sample(step: number): Promise<void>
  /** `planned` by the recipe, or because one was due. */
  checkpoint(step: number, planned: boolean): Promise<void>
  /** Whether so much time would be lost by now that a checkpoint is due between two of the recipe's. */
  isDue(): boolean
}

/** Steps that are asked for before the losses of the first of them are here: the device need not wait for the loop. */
const STEPS_AHEAD = 2

/**
 * Trains until the recipe's steps are done or the control says stop; a checkpoint of the last step is saved
 * either way. A loss that is not finite ends the run: the last checkpoint is from before it.
 */
export async function trainLoop(loop: TrainLoop): Promise<void> {
  const { engine, recipe, control } = loop
  const report = async (step: number) =>
    loop.onValidation(step, await validate(engine, loop.validationBatches, loop.validationNoise))

  let validated = -1
  let saved = -1
  if (engine.stepCount === 0) {
    await report(0)
    validated = 0
  } else {
    saved = engine.stepCount
  }

  let asked = engine.stepCount
  let reported = loop.now()
  const pending: { outcome: Promise<'done' | 'cancelled'>; rewind: () => void }[] = []

  async function runStep(step: number, batches: StepBatches): Promise<'done' | 'cancelled'> {
    const learningRate = learningRateAt(recipe, step)
    const { dropout, seed } = recipe
    const { microBatches } = batches
    const request = { microBatches, learningRate, dropout, seed, signal: control.signal }
    const started = loop.now()
    let result: StepResult
    try {
      result = await engine.step(request)
    } catch (error) {
      if (StudioError.from(error).code === 'cancelled' && control.signal.aborted) return 'cancelled'
      throw error
    }
    const tokens = microBatches.reduce((sum, batch) => sum + batch.rows * batch.sequence, 0)
    const seconds = loop.now() - Math.max(started, reported)
    reported = loop.now()
    loop.onStep({ ...result, learningRate, tokensPerSecond: tokens / Math.max(seconds, 1e-9) })
    if (!Number.isFinite(result.loss) || !Number.isFinite(result.gradientNorm)) throw nonFinite(step, saved)
    return 'done'
  }

  /** Waits until at most `most` steps are pending; false once one was cancelled, with every later one taken back. */
  async function settle(most: number): Promise<boolean> {
    while (pending.length > most) {
      const { outcome, rewind } = pending.shift()!
      if ((await outcome) === 'done') continue
      await Promise.all(pending.splice(0).map((later) => later.outcome))
      rewind()
      return false
    }
    return true
  }

  while (asked < recipe.steps) {
    if ((await control.gate()) === 'stop') break
    const batches = await loop.nextBatches(recipe.accumulation)
    asked += 1
    const step = asked
    const outcome = runStep(step, batches)
    // Whoever settles is told of a failure; until then it is not an unhandled one.
    outcome.catch(() => undefined)
    loop.onPending(outcome)
    pending.push({ outcome, rewind: batches.rewind })

    const last = step === recipe.steps
    const validates = last || step % recipe.validateEvery === 0
    const samples = recipe.sampleEvery > 0 && step % recipe.sampleEvery === 0
    const planned = last || step % recipe.checkpointEvery === 0
    const saves = planned || loop.isDue()
    if (!(await settle(validates || samples || saves ? 0 : STEPS_AHEAD - 1))) break
    if (validates) {
      await report(step)
      validated = step
    }
    if (samples) await loop.sample(step)
    if (saves) {
      await loop.checkpoint(step, planned)
      saved = step
    }
  }
  await settle(0)

  if (engine.stepCount > 0 && validated !== engine.stepCount) await report(engine.stepCount)
  if (engine.stepCount > 0 && saved !== engine.stepCount) await loop.checkpoint(engine.stepCount, true)
}

function nonFinite(step: number, saved: number): StudioError {
  const kept = saved > 0 ? `The checkpoint of step ${saved} is kept.` : 'There was no checkpoint yet.'
  return new StudioError('bad-input', `The loss stopped being a number at step ${step}. ${kept}`, {
    hint: 'Lower the learning rate or lengthen the warm-up, then start again or from that checkpoint.',
  })
}
