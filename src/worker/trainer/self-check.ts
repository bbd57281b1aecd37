import { normalArray } from '../../arrgen/normal-array.ts'
import { tokenRows } from '../../data/token-rows.ts'
import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import { createTrainingEngine } from '../../engine/create-training-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import type { TfjsDevice } from '../../gpu/tfjs-device.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { SIGREG_SLICES, small } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { SelfCheckReport } from '../protocol.ts'

const SEQUENCE = 16
const STEPS = 2
const LEARNING_RATE = 1e-3

/** Largest differences that rounding explains: the tolerances of the golden vectors for f32 on a GPU. */
const LOSS_TOLERANCE = 2e-5
/** Adam divides by |g|: a weight whose gradient is near zero may move the other way, but no further. */
const WEIGHT_TOLERANCE = 2 * LEARNING_RATE * STEPS

export interface SelfCheckOptions {
  readonly signal?: AbortSignal
  /** Before each step. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

/**
 * Trains a tiny model with the engine that trains and with the oracle (plain TensorFlow.js operations), from the same
 * weights on the same windows and noise, on this very device, and compares. Rejects with 'cancelled' between two steps
 * once the signal aborts.
 */
export async function selfCheck(
  device: TfjsDevice,
  { signal, onProgress }: SelfCheckOptions = {},
): Promise<SelfCheckReport> {
  let done = 0
  const before = (label: string) => () => {
    throwIfAborted(signal)
    onProgress?.(done, 2 * STEPS, label)
    done += 1
  }
  const trained = await play(createTrainingEngine(small, device), before('The engine that trains'))
  const oracle = await play(createReferenceEngine(small), before('The oracle'))
  const lossDifference = Math.max(...trained.losses.map((loss, i) => Math.abs(loss - oracle.losses[i]!)))
  const weightDifference = largestDifference(trained.weights, oracle.weights)
  const agrees = lossDifference <= LOSS_TOLERANCE && weightDifference <= WEIGHT_TOLERANCE
  return { agrees, lossDifference, weightDifference, lossTolerance: LOSS_TOLERANCE, steps: STEPS }
}

async function play(
  engine: Engine,
  beforeStep: () => void,
): Promise<{ losses: number[]; weights: Float32Array[] }> {
  try {
    await engine.initialise(7)
    const losses: number[] = []
    for (let step = 0; step < STEPS; step++) {
      beforeStep()
      const windows = [0, 1].map((row) =>
        Uint8Array.from({ length: SEQUENCE - row }, (_, i) => 37 * (i + row + step)),
      )
      const noise = [normalArray(BigInt(step), small.dim * SIGREG_SLICES)]
      const request = { learningRate: LEARNING_RATE, dropout: 0, seed: 7, noise }
      losses.push((await engine.step({ ...request, microBatches: [tokenRows(windows, SEQUENCE)] })).loss)
    }
    const weights: Float32Array[] = []
    for (const { name } of parameterTable(small)) weights.push(await engine.readTensor(name))
    return { losses, weights }
  } finally {
    engine.dispose()
  }
}

/** NaN where either side has one, so that it never agrees. */
function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let largest = 0
  for (const [place, values] of a.entries()) {
    for (const [i, value] of values.entries()) {
      const difference = Math.abs(value - b[place]![i]!)
      if (!(difference <= largest)) largest = difference
      if (Number.isNaN(largest)) return largest
    }
  }
  return largest
}
