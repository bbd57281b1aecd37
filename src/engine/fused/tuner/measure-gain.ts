import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import { FusedEngine } from '../fused-engine.ts'
import type { KernelSet } from '../kernel-set.ts'
import type { TunedShape } from './tuned-units.ts'

/** Seconds of the same short step with two kernel sets, in turns. */
export interface StepGain {
  readonly before: number
  readonly after: number
  /** Layers of the model that was timed. */
  readonly layers: number
}

/** Layers repeat, so two tell what a step of any depth gains, in memory that is there. */
const MOST_LAYERS = 2
const TURNS = 3

/** Engine steps that measureGain makes: one of each set to warm up, then turns. */
export const GAIN_STEPS = 2 * (TURNS + 1)

/**
 * Median seconds of one micro-batch's optimizer step with each set, from idle queue to loss read back: the same model
 * of at most two layers, the same tokens, taking turns.
 */
export async function measureGain(
  runner: KernelRunner,
  { config, rows, sequence }: TunedShape,
  before: KernelSet,
  after: KernelSet,
  { signal, onStep }: { readonly signal?: AbortSignal; readonly onStep?: (done: number) => void } = {},
): Promise<StepGain> {
  const layers = Math.min(MOST_LAYERS, config.layers)
  const engines = [before, after].map(
    (kernels) => new FusedEngine({ ...config, layers }, runner, { kernels }),
  )
  const bytes = (offset: number) =>
    Int32Array.from({ length: rows * sequence }, (_, at) => (at * at * 7 + offset) % 256)
  const microBatches = [{ tokens: bytes(0), targets: bytes(1), rows, sequence }]
  const seconds: [number[], number[]] = [[], []]
  try {
    for (const engine of engines) await engine.initialise(1)
    let done = 0
    for (let turn = 0; turn <= TURNS; turn += 1) {
      for (const [at, engine] of engines.entries()) {
        throwIfAborted(signal)
        await runner.gpu.device.queue.onSubmittedWorkDone()
        const start = performance.now()
        await engine.step({ microBatches, learningRate: 1e-4, dropout: 0, seed: 1 })
        await runner.gpu.device.queue.onSubmittedWorkDone()
        // The first step compiles.
        if (turn > 0) seconds[at]!.push((performance.now() - start) / 1000)
        done += 1
        onStep?.(done)
      }
    }
  } finally {
    for (const engine of engines) engine.dispose()
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
  return { before: median(seconds[0]), after: median(seconds[1]), layers }
}
