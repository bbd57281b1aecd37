import { wholeRegion } from '../../gpu/schedule.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { addEncoderBackward } from './backward-schedule.ts'
import { addEncoder } from './forward-schedule.ts'
import { addLosses } from './loss-schedule.ts'
import type { ModelRegions } from './model-regions.ts'
import { createPass, type PassOptions, type PassShape } from './pass.ts'
import { finishPlan, lossInputs, orderInputs, type Plan, passInputs, STEPS_AHEAD } from './plan.ts'

/** Forward and backward of one micro-batch, all activations kept; gradients and losses go to the model's regions. */
export function planTraining(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  givenNoise: boolean,
  options?: PassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const losses = lossInputs(pass, givenNoise)
  const encoded = addEncoder(pass)
  const dhidden = addLosses(pass, encoded.hidden, losses)
  const order = orderInputs(pass)
  addEncoderBackward(pass, encoded, order, dhidden)
  const inputs = { ...passInputs(pass), ...order, ...losses.inputs }
  return finishPlan(pass.schedule, inputs, [wholeRegion(model.figures)], { readings: STEPS_AHEAD })
}
