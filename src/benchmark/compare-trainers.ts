import { throwIfAborted } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import { trainingFlops } from '../model/training-cost.ts'
import { type BenchmarkCase, trainerInput } from './benchmark-case.ts'
import { openDeviceLedger } from './device-ledger.ts'
import { median } from './median.ts'
import type { Trainer, TrainerInput } from './trainer.ts'

/** Steps before the ones that count: the first compiles, the second may still warm pools. */
export const WARM_UP = 2

/** Someone who takes part, with steps after the warm-up (slow ones may take fewer). */
export interface Contestant {
  readonly name: string
  readonly steps: number
  /** A failure of its own leaves it out instead of ending the comparison. */
  readonly optional?: true
  create(input: TrainerInput): Promise<Trainer>
}

type ByTrainer = Readonly<Record<string, number>>

/** One job trained by several, by name of the trainer. */
export interface Comparison {
  readonly config: string
  /** Median after the warm-up, from an idle queue to the loss read back and the queue idle again. */
  readonly secondsPerStep: ByTrainer
  readonly fastestStepSeconds: ByTrainer
  readonly gemmLimitGflops: number
  /** Matrix products of a step (model/training-cost.ts) a second, over the limit. */
  readonly shareOfGemmLimit: ByTrainer
  /** Of the last step. */
  readonly dispatches: ByTrainer
  readonly submits: ByTrainer
  /** Most bytes of buffers at a time, weights and moments included. */
  readonly peakBytes: ByTrainer
  /** Compiling included. */
  readonly firstStepSeconds: ByTrainer
  /** Largest distance of a loss from the first trainer's at the same step, nats. */
  readonly worstLossDifference: number
  /** The same by trainer. */
  readonly lossDifferences: ByTrainer
  /** Optional ones that could not go on, and why; absent where all could. */
  readonly leftOut?: Readonly<Record<string, string>>
}

export interface ComparisonOptions {
  /** GFLOP/s of the best matrix product of this device; asked before and after, the better one counts. */
  readonly gemmLimit: () => Promise<number>
  readonly signal?: AbortSignal
  /** Before each step of each trainer. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

/**
 * Trains the same job with every contestant, taking turns step by step, so that what else the machine does falls on
 * all of them. Rejects with 'cancelled' when the signal aborts between two steps.
 */
export async function compareTrainers(
  job: BenchmarkCase,
  contestants: readonly Contestant[],
  { gemmLimit, signal, onProgress }: ComparisonOptions,
): Promise<Comparison> {
  const limitBefore = await gemmLimit()
  const ledger = openDeviceLedger()
  const rounds = WARM_UP + Math.max(...contestants.map(({ steps }) => steps))
  const input = trainerInput(job, rounds)
  const trainers: (Trainer | undefined)[] = []
  const leftOut: Record<string, string> = {}
  /** What an optional contestant fails at is noted, and nothing more is asked of it. */
  async function unlessOptional<T>({ name, optional }: Contestant, work: () => Promise<T>) {
    try {
      return await ledger.during(name, work)
    } catch (error) {
      if (!optional) throw error
      leftOut[name] = StudioError.from(error).message
      return undefined
    }
  }
  const times = contestants.map((): number[] => [])
  const losses = contestants.map((): number[] => [])
  const perStep = contestants.map(() => ({ dispatches: 0, submits: 0 }))
  const total = contestants.reduce((sum, { steps }) => sum + WARM_UP + steps, 0)
  let done = 0
  try {
    for (const contestant of contestants) {
      trainers.push(await unlessOptional(contestant, () => contestant.create(input)))
    }
    for (let step = 1; step <= rounds; step += 1) {
      for (const [index, contestant] of contestants.entries()) {
        const { name, steps } = contestant
        if (step > WARM_UP + steps) continue
        throwIfAborted(signal)
        if (name in leftOut) {
          done += 1
          continue
        }
        onProgress?.(done, total, `${job.config.name}, ${name}, step ${step}`)
        const before = ledger.entry(name)
        await ledger.idle()
        const start = performance.now()
        const loss = await unlessOptional(contestant, () => trainers[index]!.step(step))
        await ledger.idle()
        done += 1
        if (loss === undefined) continue
        losses[index]!.push(loss)
        times[index]!.push((performance.now() - start) / 1000)
        const after = ledger.entry(name)
        perStep[index] = {
          dispatches: after.dispatches - before.dispatches,
          submits: after.submits - before.submits,
        }
      }
    }
  } finally {
    ledger.close()
    for (const [index, trainer] of trainers.entries()) {
      if (contestants[index]!.name in leftOut) disposeOfFailed(trainer)
      else trainer?.dispose()
    }
  }
  const gemmLimitGflops = Math.max(limitBefore, await gemmLimit())

  const byName = (value: (index: number) => number): ByTrainer =>
    Object.fromEntries(
      contestants.flatMap(({ name }, index) => (name in leftOut ? [] : [[name, value(index)]])),
    )
  const counted = times.map((seconds) => seconds.slice(WARM_UP))
  const differences = losses.map((own) =>
    Math.max(0, ...own.map((loss, step) => Math.abs(loss - losses[0]![step]!))),
  )
  const gflop = trainingFlops(job.config, job.rows * job.sequence, job.sequence) / 1e9
  return {
    config: job.config.name,
    secondsPerStep: byName((index) => rounded(median(counted[index]!))),
    fastestStepSeconds: byName((index) => rounded(Math.min(...counted[index]!))),
    gemmLimitGflops: rounded(gemmLimitGflops),
    shareOfGemmLimit: byName((index) => rounded(gflop / median(counted[index]!) / gemmLimitGflops)),
    dispatches: byName((index) => perStep[index]!.dispatches),
    submits: byName((index) => perStep[index]!.submits),
    peakBytes: byName((index) => ledger.entry(contestants[index]!.name).peakBytes),
    firstStepSeconds: byName((index) => rounded(times[index]![0]!)),
    worstLossDifference: rounded(Math.max(...differences)),
    lossDifferences: byName((index) => rounded(differences[index]!)),
    ...(Object.keys(leftOut).length > 0 ? { leftOut } : {}),
  }
}

/** What failed within a step may have nothing left to free, and say so. */
function disposeOfFailed(trainer: Trainer | undefined): void {
  try {
    trainer?.dispose()
  } catch {}
}

/** Four significant digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
