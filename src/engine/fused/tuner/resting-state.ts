import type { StepState } from '../step-state.ts'

/** A state for products alone: no dropout, nothing added to what is there. */
export const restingState: StepState = {
  seed: 0,
  step: 1,
  microBatch: 0,
  dropout: 0,
  crossEntropyScale: 1,
  sigregScale: 0,
  learningRate: 0,
  accumulate: false,
}
