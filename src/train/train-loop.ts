import type { Engine, TokenBatch } from '../engine/engine.ts'
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
  /** Tokens trained a second over this step, PAD included. */
  readonly tokensPerSecond: number
}

/** What the loop needs from outside, and whom it tells. */
export interface TrainLoop {
  readonly engine: Engine
  readonly recipe: Recipe
  readonly control: RunControl
  /** Seconds on a clock that never runs back. */
  readonly now: () => number
  nextBatch(): Promise<TokenBatch>
  readonly validationBatches: readonly TokenBatch[]
  /** SIGReg noise of validation, [dim, 256]. */
  readonly validationNoise: Float32Array
  onStep(metrics: StepMetrics): void
  onValidation(step: number, validation: Validation): void
  /** Writes a sample of what the model says now. */
  sample(step: number): Promise<void>
  checkpoint(step: number): Promise<void>
}

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

  while (engine.stepCount < recipe.steps) {
    if ((await control.gate()) === 'stop') break
    const started = loop.now()
    const microBatches: TokenBatch[] = []
    for (let i = 0; i < recipe.accumulation; i++) microBatches.push(await loop.nextBatch())
    const learningRate = learningRateAt(recipe, engine.stepCount + 1)
    const { dropout, seed } = recipe
    const result = await engine.step({ microBatches, learningRate, dropout, seed })
    const tokens = microBatches.reduce((sum, batch) => sum + batch.rows * batch.sequence, 0)
    const tokensPerSecond = tokens / Math.max(loop.now() - started, 1e-9)
    loop.onStep({ ...result, learningRate, tokensPerSecond })
    const { step } = result
    if (!Number.isFinite(result.loss) || !Number.isFinite(result.gradientNorm)) {
      throw nonFinite(step, saved)
    }

    const last = step === recipe.steps
    if (last || step % recipe.validateEvery === 0) {
      await report(step)
      validated = step
    }
    if (recipe.sampleEvery > 0 && step % recipe.sampleEvery === 0) await loop.sample(step)
    if (last || step % recipe.checkpointEvery === 0) {
      await loop.checkpoint(step)
      saved = step
    }
  }

  if (engine.stepCount > 0 && validated !== engine.stepCount) await report(engine.stepCount)
  if (engine.stepCount > 0 && saved !== engine.stepCount) await loop.checkpoint(engine.stepCount)
}

function nonFinite(step: number, saved: number): StudioError {
  const kept = saved > 0 ? `The checkpoint of step ${saved} is kept.` : 'There was no checkpoint yet.'
  return new StudioError('bad-input', `The loss stopped being a number at step ${step}. ${kept}`, {
    hint: 'Lower the learning rate or lengthen the warm-up, then start again or from that checkpoint.',
  })
}
