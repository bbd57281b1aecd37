import { wholeRegion } from '../../gpu/schedule.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { embeddingKernel } from '../ops/embedding/embedding.ts'
import { addEncoder } from './forward-schedule.ts'
import { rowMeanKernel } from './kernels/kernels.ts'
import { addCrossEntropy, addFigures, addPredictor, addSigreg } from './loss-schedule.ts'
import type { ModelRegions } from './model-regions.ts'
import { activations, createPass, type PassOptions, type PassShape } from './pass.ts'
import { finishPlan, noiseInput, type Plan, passInputs } from './plan.ts'

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
  const { hidden } = addEncoder(pass, false)
  const means = pass.schedule.kept('row means', 4 * shape.rows * config.dim)
  pass.schedule.add(rowMeanKernel, {
    slices: { x: hidden, means },
    params: { dim: config.dim, sequence: shape.sequence },
    threads: (shape.rows * config.dim) / 4,
  })
  const statistic = given ? addSigreg(pass, hidden, given, false).statistic : undefined
  const logits = activations(pass, 'logits', config.vocab)
  addPredictor(pass, hidden, pass.tokenCount, logits)
  addFigures(pass, addCrossEntropy(pass, logits, targets, false), statistic)
  return finishPlan(pass.schedule, { ...passInputs(pass), targets, ...(given ? { noise: given } : {}) }, [
    wholeRegion(model.figures),
    means,
  ])
}

/** Forward to the logits of one picked position. */
export function planSampling(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  options?: PassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const { hidden } = addEncoder(pass, false)
  const pick = pass.schedule.kept('pick', 4)
  const picked = pass.schedule.scratch('picked', 4 * config.dim)
  pass.schedule.add(embeddingKernel, {
    slices: { weight: hidden, tokens: pick, y: picked },
    params: { dim: config.dim },
    threads: config.dim / 4,
    label: 'pick',
  })
  const logits = pass.schedule.kept('picked logits', 4 * config.vocab)
  addPredictor(pass, picked, 1, logits)
  return finishPlan(pass.schedule, { ...passInputs(pass), pick }, [logits])
}
