import { type Slice, wholeRegion } from '../../gpu/schedule.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { embeddingKernel } from '../ops/embedding/embedding.ts'
import { sampleKernel } from '../ops/sample/sample.ts'
import { addEmbedding, addLayer, addNorm } from './forward-schedule.ts'
import { rowMeanVariant } from './kernels/reductions.ts'
import { addCrossEntropy, addFigures, addPredictor, addSigreg } from './loss-schedule.ts'
import type { ModelRegions } from './model-regions.ts'
import { activations, createPass, type Pass, type PassOptions, type PassShape } from './pass.ts'
import { finishPlan, noiseInput, type Plan, passInputs } from './plan.ts'
import type { StepState } from './step-state.ts'

/** Forward without gradients: nats, SIGReg of given noise, and the mean hidden state of each row. */
export function planEvaluation(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  givenNoise: boolean,
  options?: PassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const targets = pass.schedule.kept('targets', 4 * pass.tokenCount)
  const given = givenNoise ? noiseInput(pass) : undefined
  const means = addRowMeansAndLosses(pass, addLayers(pass), targets, given)
  return finishPlan(pass.schedule, { ...passInputs(pass), targets, ...(given ? { noise: given } : {}) }, [
    wholeRegion(model.figures),
    means,
  ])
}

/** Adds the final norm of x, losses without gradients into the figures, and row means. -> means [rows, dim]. */
export function addRowMeansAndLosses(pass: Pass, x: Slice, targets: Slice, noise?: Slice): Slice {
  const { schedule, config, shape } = pass
  const hidden = addNorm(pass, 'final_norm', x).y
  const means = schedule.kept('row means', 4 * shape.rows * config.dim)
  const { kernel, ...call } = rowMeanVariant(pass.kernels.rows, shape.rows, config.dim)
  schedule.add(kernel, {
    slices: { x: hidden, means },
    params: { dim: config.dim, sequence: shape.sequence },
    ...call,
  })
  const statistic = noise ? addSigreg(pass, hidden, noise, false).statistic : undefined
  const logits = activations(pass, 'logits', config.vocab)
  addPredictor(pass, hidden, pass.tokenCount, logits)
  addFigures(pass, addCrossEntropy(pass, logits, targets, false), statistic)
  return means
}

/** Forward to the logits of every position. */
export function planLogits(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  options?: PassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const hidden = addNorm(pass, 'final_norm', addLayers(pass)).y
  const logits = pass.schedule.kept('logits', 4 * pass.tokenCount * config.vocab)
  addPredictor(pass, hidden, pass.tokenCount, logits)
  return finishPlan(pass.schedule, passInputs(pass), [logits])
}

/** Bytes of a text that may be drawn before one of them is read back. */
export const BYTES_AHEAD = 16

/**
 * Forward to the logits after the token at cursor[0], and one byte drawn from them, which becomes the next token; so the plan
 * runs again for the next byte. Output: the last bytes by number, a ring of BYTES_AHEAD.
 */
export function planSampling(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  options?: PassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const { schedule } = pass
  const hidden = addNorm(pass, 'final_norm', addLayers(pass)).y
  const cursor = schedule.kept('cursor', 8)
  const picked = schedule.scratch('picked', 4 * config.dim)
  schedule.add(embeddingKernel, {
    slices: { weight: hidden, tokens: cursor, y: picked },
    params: { dim: config.dim },
    threads: config.dim / 4,
    label: 'pick',
  })
  const logits = schedule.scratch('picked logits', 4 * config.vocab)
  addPredictor(pass, picked, 1, logits)
  const drawn = schedule.kept('drawn', 4 * BYTES_AHEAD)
  schedule.add(sampleKernel, {
    slices: { logits, cursor, tokens: pass.tokens, drawn },
    params: {
      seed: ({ seed }: StepState) => seed,
      inverse_temperature: ({ inverseTemperature }: StepState) => inverseTemperature,
      positions: shape.sequence,
    },
    threads: 1,
  })
  return finishPlan(schedule, { ...passInputs(pass), cursor }, [drawn])
}

/** Adds embedding and all layers without what only a backward pass reads. -> input of the final norm. */
function addLayers(pass: Pass): Slice {
  const { dim, layers } = pass.config
  let x = addEmbedding(pass, activations(pass, 'embedded', dim))
  for (let layer = 0; layer < layers; layer += 1) {
    const output = activations(pass, 'output', dim)
    addLayer(pass, layer, x, false, output)
    x = output
  }
  return x
}
