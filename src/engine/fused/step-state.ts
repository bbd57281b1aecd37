import { SIGREG_COEFFICIENT } from '../../model/model-config.ts'

/** What changes from one run of a schedule to the next; everything else is fixed when the plan is made. */
export interface StepState {
  readonly seed: number
  /** 1 for the first optimizer step. */
  readonly step: number
  readonly microBatch: number
  /** Probability that a value is dropped; plans without dropout ignore it. */
  readonly dropout: number
  /** 1 / (targets that are not PAD * micro-batches of the step). */
  readonly crossEntropyScale: number
  /** Weight of cross-entropy and SIGReg in the gradient; 1 where nothing is distilled. */
  readonly taskWeight: number
  /** (1 - alpha) / micro-batches of the step, of the embedding's squared error. */
  readonly pullScale: number
  /** 1 / micro-batches of the step. */
  readonly microBatchShare: number
  /** (1 - alpha) * weight * temperature^2 of the predictions' divergence. */
  readonly divergenceWeight: number
  readonly inverseTemperature: number
  /** 0.02 / micro-batches of the step. */
  readonly sigregScale: number
  readonly learningRate: number
  /** Add gradients and losses to what an earlier micro-batch of the step left. */
  readonly accumulate: boolean
}

/** Of a forward pass without gradients: losses unscaled, but for SIGReg's coefficient. */
export const restingState: StepState = {
  seed: 0,
  step: 0,
  microBatch: 0,
  dropout: 0,
  crossEntropyScale: 1,
  sigregScale: SIGREG_COEFFICIENT,
  taskWeight: 1,
  pullScale: 0,
  microBatchShare: 1,
  divergenceWeight: 0,
  inverseTemperature: 1,
  learningRate: 0,
  accumulate: false,
}
