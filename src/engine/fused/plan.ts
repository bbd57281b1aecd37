import { uniformBytes } from '../../gpu/kernel-runner.ts'
import { type Placement, placeRegions } from '../../gpu/place-regions.ts'
import { Schedule, type Slice, wholeRegion } from '../../gpu/schedule.ts'
import { type ModelConfig, SIGREG_SLICES } from '../../model/model-config.ts'
import { adamConstants } from '../model-ops.ts'
import { embeddingKernel } from '../ops/embedding/embedding.ts'
import { sumChunk, sumVariant } from '../ops/sum/sum.ts'
import { addEncoderBackward } from './backward-schedule.ts'
import { addEncoder } from './forward-schedule.ts'
import { adamFlatKernel } from './kernels/kernels.ts'
import { rowMeanVariant } from './kernels/reductions.ts'
import {
  addCrossEntropy,
  addFigures,
  addNoise,
  addPredictor,
  addPredictorBackward,
  addSigreg,
} from './loss-schedule.ts'
import { FIGURES_BYTES, type ModelRegions } from './model-regions.ts'
import {
  activations,
  createPass,
  defaultPassOptions,
  type Pass,
  type PassOptions,
  type PassShape,
} from './pass.ts'
import type { StepState } from './step-state.ts'

/**
 * A schedule with every byte that it takes on the device beside weights, gradients and moments, known before
 * anything is allocated.
 */
export interface Plan {
  readonly schedule: Schedule<StepState>
  readonly placement: Placement
  /** What the CPU writes before a run. */
  readonly inputs: Readonly<Partial<Record<PlanInput, Slice>>>
  /** What is read back after a run, in this order. */
  readonly outputs: readonly Slice[]
  readonly uniformBytes: number
  readonly stagingBytes: number
  /** Everything together. */
  readonly bytes: number
}

export type PlanInput = 'tokens' | 'targets' | 'cosine' | 'sine' | 'noise' | 'pick' | 'order' | 'starts'

/** Forward and backward of one micro-batch; gradients and losses go to the model's regions. */
export function planTraining(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  givenNoise: boolean,
  options: PassOptions = defaultPassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const targets = pass.schedule.kept('targets', 4 * pass.tokenCount)
  const given = givenNoise ? noiseInput(pass) : undefined
  const encoded = addEncoder(pass, true)
  const { hidden } = encoded
  const { statistic, dhidden: fromSigreg } = addSigreg(pass, hidden, given ?? addNoise(pass), true)
  const logits = activations(pass, 'logits', config.vocab)
  addPredictor(pass, hidden, pass.tokenCount, logits)
  const losses = addCrossEntropy(pass, logits, targets, true)
  addFigures(pass, losses, statistic)
  const dhidden = addPredictorBackward(pass, hidden, logits, fromSigreg!)
  const order = {
    order: pass.schedule.kept('token order', 4 * pass.tokenCount),
    starts: pass.schedule.kept('token starts', 4 * (config.vocab + 1)),
  }
  addEncoderBackward(pass, encoded, order, dhidden)
  return finished(pass.schedule, { ...inputs(pass), ...order, targets, ...(given ? { noise: given } : {}) }, [
    wholeRegion(model.figures),
  ])
}

/** Forward without gradients: nats, SIGReg of given noise, and the mean hidden state of each row. */
export function planEvaluation(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  givenNoise: boolean,
  options: PassOptions = defaultPassOptions,
): Plan {
  const pass = createPass(config, model, shape, options)
  const targets = pass.schedule.kept('targets', 4 * pass.tokenCount)
  const given = givenNoise ? noiseInput(pass) : undefined
  const { hidden } = addEncoder(pass, false)
  const means = pass.schedule.kept('row means', 4 * shape.rows * config.dim)
  const { kernel, ...call } = rowMeanVariant(pass.kernels.rows, shape.rows, config.dim)
  pass.schedule.add(kernel, {
    slices: { x: hidden, means },
    params: { dim: config.dim, sequence: shape.sequence },
    ...call,
  })
  const statistic = given ? addSigreg(pass, hidden, given, false).statistic : undefined
  const logits = activations(pass, 'logits', config.vocab)
  addPredictor(pass, hidden, pass.tokenCount, logits)
  addFigures(pass, addCrossEntropy(pass, logits, targets, false), statistic)
  return finished(pass.schedule, { ...inputs(pass), targets, ...(given ? { noise: given } : {}) }, [
    wholeRegion(model.figures),
    means,
  ])
}

/** Forward to the logits of one picked position. */
export function planSampling(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  options: PassOptions = defaultPassOptions,
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
  return finished(pass.schedule, { ...inputs(pass), pick }, [logits])
}

/** Global gradient norm into the figures, then Adam over all parameters, gaps of the layout (zeros) included. */
export function planOptimizer(model: ModelRegions, { kernels }: PassOptions = defaultPassOptions): Plan {
  const schedule = new Schedule<StepState>()
  const { slabs } = model.layout
  const chunks = slabs.map((bytes) => sumChunk(kernels.rows, bytes / 4))
  const counts = slabs.map((bytes, index) => Math.ceil(bytes / 4 / chunks[index]!))
  const total = counts.reduce((sum, count) => sum + count, 0)
  const partial = schedule.scratch('norm partial', 4 * total)
  let offset = 0
  slabs.forEach((bytes, index) => {
    const { kernel, ...call } = sumVariant(kernels.rows, counts[index]!, true)
    schedule.add(kernel, {
      slices: { x: wholeRegion(model.gradients[index]!), y: partial },
      params: { size: bytes / 4, chunk: chunks[index]!, offset, scale: 1 },
      ...call,
      label: 'gradient norm',
    })
    offset += counts[index]!
  })
  const { kernel, ...call } = sumVariant(kernels.rows, 1, false)
  schedule.add(kernel, {
    slices: { x: partial, y: wholeRegion(model.figures) },
    params: { size: total, chunk: total, offset: 2, scale: 1 },
    ...call,
    label: 'gradient norm',
  })
  slabs.forEach((bytes, index) => {
    addAdam(schedule, model, bytes / 4, index)
  })
  return finished(schedule, {}, [])
}

function addAdam(schedule: Schedule<StepState>, model: ModelRegions, size: number, index: number): void {
  const { beta1, beta2, epsilon } = adamConstants
  schedule.add(adamFlatKernel, {
    slices: {
      gradient: wholeRegion(model.gradients[index]!),
      value: wholeRegion(model.values[index]!),
      m: wholeRegion(model.m[index]!),
      v: wholeRegion(model.v[index]!),
    },
    params: {
      beta1,
      one_minus_beta1: 1 - beta1,
      beta2,
      one_minus_beta2: 1 - beta2,
      epsilon,
      rate: (state) => state.learningRate / (1 - beta1 ** state.step),
      root_scale: (state) => 1 / Math.sqrt(1 - beta2 ** state.step),
    },
    threads: size / 4,
  })
}

function noiseInput(pass: Pass): Slice {
  return pass.schedule.kept('noise', 4 * pass.config.dim * SIGREG_SLICES)
}

function inputs({ tokens, cosine, sine }: Pass) {
  return { tokens, cosine, sine }
}

function finished(schedule: Schedule<StepState>, inputs: Plan['inputs'], outputs: readonly Slice[]): Plan {
  const placement = placeRegions(schedule.dispatches)
  const uniforms = uniformBytes(schedule)
  const staging = outputs.reduce((sum, { bytes }) => sum + bytes, 0)
  const bytes = placement.sizes.reduce((sum, size) => sum + size, 0) + uniforms + staging
  return { schedule, placement, inputs, outputs, uniformBytes: uniforms, stagingBytes: staging, bytes }
}

/** Bytes of weights and figures, and of gradients and both moments, which are there from the first step on. */
export function modelBytes(model: ModelRegions): { resting: number; training: number } {
  const weights = model.layout.slabs.reduce((sum, bytes) => sum + bytes, 0)
  return { resting: weights + FIGURES_BYTES, training: 3 * weights }
}
