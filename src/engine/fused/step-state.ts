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
  /** 0.02 / micro-batches of the step. */
  readonly sigregScale: number
  readonly learningRate: number
  /** Add gradients and losses to what an earlier micro-batch of the step left. */
  readonly accumulate: boolean
}
