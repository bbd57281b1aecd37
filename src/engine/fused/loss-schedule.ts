import { type Slice, wholeRegion } from '../../gpu/schedule.ts'
import { SIGREG_SLICES } from '../../model/model-config.ts'
import { PAD } from '../../tokenizer/encode-window.ts'
import {
  addInPlaceKernel,
  embeddingPullKernel,
  oneGroupCall,
  scaledSumKernel,
  squaredDistanceKernel,
} from '../ops/distill/distill.ts'
import { klVariant } from '../ops/kl-divergence/kl-divergence.ts'
import { normalNoiseKernel } from '../ops/normal-noise/normal-noise.ts'
import { integrationConstants, normaliseColumnsVariant, SIGREG_POINTS } from '../ops/sigreg/sigreg.ts'
import { philoxSite } from '../philox.ts'
import { addWeightGradient } from './backward-schedule.ts'
import { addLinear, addLinearDx } from './gemm/gemm.ts'
import { figuresKernel, lossSumsKernel } from './kernels/kernels.ts'
import { crossEntropyVariant, rowMeanVariant, sigregVariant } from './kernels/reductions.ts'
import { figurePlace } from './model-regions.ts'
import { activations, type Pass, weight } from './pass.ts'
import type { StepState } from './step-state.ts'

/** Losses that one thread adds. */
const CHUNK = 128

/** What a teacher says of a micro-batch. */
export interface TeacherSlices {
  /** Its embedding [dim]. */
  readonly embedding: Slice
  /** temperature * log of its softened predictions, [rows * sequence, vocab]. */
  readonly logits?: Slice | undefined
}

/**
 * Adds the losses of final hidden states [rows * sequence, dim], into the engine's figures, and the predictor's
 * gradients. -> gradient of the hidden states. `noise` [dim, 256] is drawn on the device where none is given.
 */
export function addLosses(
  pass: Pass,
  hidden: Slice,
  {
    targets,
    noise,
    teacher,
  }: { targets: Slice; noise?: Slice | undefined; teacher?: TeacherSlices | undefined },
): Slice {
  const { statistic, dhidden: fromSigreg } = addSigreg(pass, hidden, noise ?? addNoise(pass), true)
  const logits = activations(pass, 'logits', pass.config.vocab)
  addPredictor(pass, hidden, pass.tokenCount, logits)
  const losses = addCrossEntropy(pass, logits, targets, true)
  addFigures(pass, losses, statistic)
  if (teacher?.logits) addDivergence(pass, hidden, targets, teacher.logits, logits)
  const dhidden = addPredictorBackward(pass, hidden, logits, fromSigreg!)
  if (teacher) addEmbeddingPull(pass, hidden, teacher.embedding, dhidden)
  return dhidden
}

/** Adds the divergence from the teacher's predictions into the figures and its gradient to dlogits. */
function addDivergence(pass: Pass, hidden: Slice, targets: Slice, teacher: Slice, dlogits: Slice): void {
  const { schedule, tokenCount: rows, config } = pass
  const { vocab } = config
  const student = activations(pass, 'softened logits', vocab)
  addPredictor(pass, hidden, rows, student)
  const losses = activations(pass, 'divergences', 1)
  const { kernel, threads, constants } = klVariant(pass.kernels.rows, rows, vocab)
  schedule.add(kernel, {
    slices: { teacher, targets, student, losses },
    params: {
      vocab,
      inverse_temperature: (state) => state.inverseTemperature,
      scale: (state) => state.divergenceWeight * state.crossEntropyScale,
    },
    threads,
    constants: { ...constants, PAD },
  })
  schedule.add(scaledSumKernel, {
    slices: { x: losses, y: wholeRegion(pass.model.figures) },
    params: {
      size: rows,
      offset: figurePlace.divergence,
      scale: (state) => state.crossEntropyScale,
      accumulate: (state) => Number(state.accumulate),
    },
    ...oneGroupCall,
  })
  schedule.add(addInPlaceKernel, {
    slices: { x: student, y: dlogits },
    params: {},
    threads: (rows * vocab) / 4,
  })
}

/** Adds the squared distance of the micro-batch's embedding from the teacher's into the figures and its gradient to dhidden. */
function addEmbeddingPull(pass: Pass, hidden: Slice, teacher: Slice, dhidden: Slice): void {
  const { schedule, config, tokenCount } = pass
  const { dim } = config
  const student = schedule.scratch('embedding', 4 * dim)
  const { kernel, ...call } = rowMeanVariant(pass.kernels.rows, 1, dim)
  schedule.add(kernel, {
    slices: { x: hidden, means: student },
    params: { dim, sequence: tokenCount },
    ...call,
    label: 'embedding mean',
  })
  schedule.add(squaredDistanceKernel, {
    slices: { a: student, b: teacher, y: wholeRegion(pass.model.figures) },
    params: {
      size: dim,
      offset: figurePlace.embeddingError,
      scale: (state) => state.microBatchShare / dim,
      accumulate: (state) => Number(state.accumulate),
    },
    ...oneGroupCall,
  })
  schedule.add(embeddingPullKernel, {
    slices: { student, teacher, dhidden },
    params: { dim, scale: (state) => (2 * state.pullScale) / (dim * tokenCount) },
    threads: (tokenCount * dim) / 4,
  })
}

/** Adds the predictor: next-token logits of `count` hidden states. */
export function addPredictor(pass: Pass, hidden: Slice, count: number, logits: Slice): void {
  const { dim, vocab } = pass.config
  const slices = {
    x: hidden,
    w: weight(pass, 'predictor.weight'),
    bias: weight(pass, 'predictor.bias'),
    y: logits,
  }
  addLinear(pass, { m: count, k: dim, n: vocab }, slices, 'predictor')
}

/** Adds cross-entropy over logits [rows * sequence, vocab], which become their own gradient if asked. -> losses. */
export function addCrossEntropy(pass: Pass, logits: Slice, targets: Slice, withGradient: boolean): Slice {
  const losses = activations(pass, 'cross-entropies', 1)
  const { kernel, threads, constants } = crossEntropyVariant(
    pass.kernels.rows,
    pass.tokenCount,
    pass.config.vocab,
  )
  pass.schedule.add(kernel, {
    slices: { targets, logits, losses },
    params: { vocab: pass.config.vocab, scale: (state) => state.taskWeight * state.crossEntropyScale },
    threads,
    constants: { ...constants, PAD, GRADIENT: withGradient ? 1 : 0 },
  })
  return losses
}

/** Noise [dim, 256] drawn on the device from the step's Philox stream. */
export function addNoise(pass: Pass): Slice {
  const noise = pass.schedule.scratch('noise', 4 * pass.config.dim * SIGREG_SLICES)
  pass.schedule.add(normalNoiseKernel, {
    slices: { y: noise },
    params: {
      seed: (state) => state.seed,
      step: (state) => state.step,
      micro_batch: (state) => state.microBatch,
      place: philoxSite.noise,
    },
    threads: (pass.config.dim * SIGREG_SLICES) / 4,
  })
  return noise
}

/** Adds SIGReg of hidden states. -> statistic of each position, and the gradient of the hidden states if asked. */
export function addSigreg(
  pass: Pass,
  hidden: Slice,
  noise: Slice,
  withGradient: boolean,
): { statistic: Slice; dhidden: Slice | undefined } {
  const { schedule, tokenCount: m } = pass
  const { dim } = pass.config
  const shape = { m, k: dim, n: SIGREG_SLICES }
  const columns = schedule.scratch('noise columns', 4 * dim * SIGREG_SLICES)
  const normalise = normaliseColumnsVariant(pass.kernels.rows, SIGREG_SLICES)
  schedule.add(normalise.kernel, {
    slices: { noise, y: columns },
    params: { dim, slices: SIGREG_SLICES },
    threads: normalise.threads,
    constants: normalise.constants,
  })
  const projections = activations(pass, 'projections', SIGREG_SLICES)
  addLinear(pass, shape, { x: hidden, w: columns, y: projections }, 'sigreg projection')
  const statistic = activations(pass, 'sigreg', 1)
  const { kernel, threads, constants } = sigregVariant(pass.kernels.rows, m)
  schedule.add(kernel, {
    slices: { y: projections, statistic },
    params: {
      slices: SIGREG_SLICES,
      dt: 3 / (SIGREG_POINTS - 1),
      scale: (state) => (state.taskWeight * state.sigregScale) / m,
    },
    threads,
    constants: { ...constants, ...integrationConstants(SIGREG_POINTS), GRADIENT: withGradient ? 1 : 0 },
  })
  if (!withGradient) return { statistic, dhidden: undefined }
  const dhidden = activations(pass, 'sigreg dhidden', dim)
  addLinearDx(pass, shape, { dy: projections, w: columns, dx: dhidden }, 'sigreg dx')
  return { statistic, dhidden }
}

/** Adds the predictor's gradients. -> gradient of the hidden states for both losses together. */
export function addPredictorBackward(pass: Pass, hidden: Slice, dlogits: Slice, fromSigreg: Slice): Slice {
  const { dim, vocab } = pass.config
  const shape = { m: pass.tokenCount, k: dim, n: vocab }
  addWeightGradient(pass, 'predictor', shape, hidden, dlogits, 'predictor dw')
  const dhidden = activations(pass, 'dhidden', dim)
  addLinearDx(
    pass,
    shape,
    { dy: dlogits, w: weight(pass, 'predictor.weight'), base: fromSigreg, dx: dhidden },
    'predictor dx',
  )
  return dhidden
}

/** Adds the sums of both losses, scaled, into the engine's figures; only the first one without `sigreg`. */
export function addFigures(pass: Pass, crossEntropy: Slice, sigreg?: Slice): void {
  const { schedule, tokenCount: size } = pass
  const chunks = Math.ceil(size / CHUNK)
  const losses = sigreg ? 2 : 1
  const partial = schedule.scratch('loss partial', 4 * losses * chunks)
  schedule.add(lossSumsKernel, {
    slices: { cross_entropy: crossEntropy, ...(sigreg ? { sigreg } : {}), partial },
    params: { size, chunk: CHUNK, chunks },
    threads: losses * chunks,
  })
  schedule.add(figuresKernel, {
    slices: { partial, figures: wholeRegion(pass.model.figures) },
    params: {
      chunks,
      cross_entropy_scale: (state: StepState) => state.crossEntropyScale,
      sigreg_scale: (state: StepState) => state.sigregScale / size,
      accumulate: (state: StepState) => Number(state.accumulate),
    },
    threads: losses,
  })
}
