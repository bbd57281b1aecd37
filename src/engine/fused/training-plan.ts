import { wholeRegion } from '../../gpu/schedule.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { addEncoderBackward } from './backward-schedule.ts'
import { addEncoder } from './forward-schedule.ts'
import { addLosses } from './loss-schedule.ts'
import type { ModelRegions } from './model-regions.ts'
import { createPass, type PassOptions, type PassShape } from './pass.ts'
import { finishPlan, noiseInput, orderInputs, type Plan, passInputs, STEPS_AHEAD } from './plan.ts'

/** Forward and backward of one micro-batch, all activations kept; gradients and losses go to the model's regions. */
export function planTraining(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  givenNoise: boolean,
  options?: PassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const targets = pass.schedule.kept('targets', 4 * pass.tokenCount)
  const noise = givenNoise ? { noise: noiseInput(pass) } : {}
  const encoded = addEncoder(pass)
  const dhidden = addLosses(pass, encoded.hidden, targets, noise.noise)
  const order = orderInputs(pass)
  addEncoderBackward(pass, encoded, order, dhidden)
  const inputs = { ...passInputs(pass), ...order, targets, ...noise }
  return finishPlan(pass.schedule, inputs, [wholeRegion(model.figures)], { readings: STEPS_AHEAD })
}
