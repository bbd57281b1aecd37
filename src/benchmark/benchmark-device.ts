import { createTapeEngine } from '../engine/create-tape-engine.ts'
import { createFusedEngine } from '../engine/fused/create-fused-engine.ts'
import type { GemmLimit } from '../engine/fused/tuner/measure-gemm-limit.ts'
import { adapterName, type GpuDevice, openDevice } from '../gpu/open-device.ts'
import type { TfjsDevice } from '../gpu/tfjs-device.ts'
import { throwIfAborted } from '../lib/abort.ts'
import { type BenchmarkCase, benchmarkCases } from './benchmark-case.ts'
import { type Comparison, type Contestant, compareTrainers, WARM_UP } from './compare-trainers.ts'
import { engineTrainer } from './engine-trainer.ts'
import { gemmLimitAlone } from './gemm-limit-alone.ts'

export interface BenchmarkOptions {
  readonly signal?: AbortSignal
  /** Steps done of all, and what is measured now. */
  readonly onProgress?: (done: number, total: number, what: string) => void
  /** What is known after the first matrix products and after each job; a cancel takes nothing of it back. */
  readonly onReport?: (report: DeviceBenchmark) => void
}

export interface DeviceBenchmark {
  readonly adapter: string
  readonly isFallback: boolean
  /** Wall clock at the end, ms. */
  readonly takenAt: number
  readonly gemmLimitGflops: number
  readonly gemmFamily: string
  readonly comparisons: readonly Comparison[]
}

interface Round {
  readonly job: BenchmarkCase
  /** Steps that count of our engines and of jax-js, and of stock TensorFlow.js; 0 leaves it out. */
  readonly steps: number
  readonly stock: number
}

/**
 * Measures the user's device in a minute or two of a software adapter, seconds of a GPU: the best matrix product, then
 * training as `npm run bench` compares it: by the fused engine, the reference and jax-js, and for the smallest job by
 * stock TensorFlow.js. The fused engine and the peers run on devices of their own, so that first steps find nothing
 * compiled. The peers are fetched when they are asked, and left out where they fail; jax-js
 * keeps a device until its worker ends, so call this in one that does. `device` must be idle.
 */
export async function benchmarkDevice(
  device: TfjsDevice,
  { signal, onProgress, onReport }: BenchmarkOptions,
): Promise<DeviceBenchmark> {
  const { isFallback, adapterInfo } = device.gpu
  const rounds = roundsFor(isFallback)
  const total = rounds.reduce((sum, round) => sum + stepsOf(round), 0)
  let limit: GemmLimit = { gigaflops: 0, family: '' }
  const comparisons: Comparison[] = []
  let before = 0
  let asked = 0
  const gemmLimit = async () => {
    throwIfAborted(signal)
    asked += 1
    // Before the first job and after the last one; in between what is known stands.
    if (asked > 1 && asked < 2 * rounds.length) return limit.gigaflops
    onProgress?.(before, total, 'matrix products')
    const measured = await gemmLimitAlone(undefined, signal ? { signal } : {})
    if (measured.gigaflops > limit.gigaflops) limit = measured
    if (asked === 1) onReport?.(report())
    return limit.gigaflops
  }
  const report = (): DeviceBenchmark => ({
    adapter: adapterName(adapterInfo),
    isFallback,
    takenAt: Date.now(),
    gemmLimitGflops: Number(limit.gigaflops.toPrecision(4)),
    gemmFamily: limit.family,
    comparisons: [...comparisons],
  })
  for (const round of rounds) {
    const own = await openDevice()
    try {
      const comparison = await compareTrainers(round.job, contestants(round, own, device), {
        gemmLimit,
        ...(signal ? { signal } : {}),
        onProgress: (done, _total, what) => onProgress?.(before + done, total, what),
      })
      own.assertHealthy()
      comparisons.push(comparison)
    } finally {
      own.destroy()
    }
    before += stepsOf(round)
    onReport?.(report())
  }
  return report()
}

function stepsOf({ steps, stock }: Round): number {
  return 3 * (WARM_UP + steps) + (stock > 0 ? WARM_UP + stock : 0)
}

function roundsFor(isFallback: boolean): Round[] {
  const { d64, d128, d256 } = benchmarkCases
  if (isFallback) {
    return [
      { job: d64, steps: 5, stock: 1 },
      { job: d128, steps: 3, stock: 0 },
    ]
  }
  return [
    { job: d64, steps: 9, stock: 3 },
    { job: d128, steps: 9, stock: 0 },
    { job: d256, steps: 9, stock: 0 },
  ]
}

function contestants({ job, steps, stock }: Round, own: GpuDevice, device: TfjsDevice): Contestant[] {
  const { config } = job
  const always: Contestant[] = [
    {
      name: 'fused',
      steps,
      create: (input) => engineTrainer('fused', createFusedEngine(config, own), input),
    },
    {
      name: 'reference',
      steps,
      create: (input) => engineTrainer('reference', createTapeEngine(config, device), input),
    },
    {
      name: 'jaxjs',
      steps,
      optional: true,
      create: async (input) => (await import('./peers/jax-trainer.ts')).createJaxTrainer(input),
    },
  ]
  if (stock === 0) return always
  return [
    ...always,
    {
      name: 'tfjs',
      steps: stock,
      optional: true,
      create: async (input) => (await import('./peers/stock-trainer.ts')).createStockTrainer(input),
    },
  ]
}
