import { createReferenceEngine } from '../engine/create-reference-engine.ts'
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
  /** Steps that count of our engines, and of TensorFlow.js' own operations; 0 leaves them out. */
  readonly ours: number
  readonly plain: number
}

/**
 * Measures the user's device in about a minute of a software adapter, seconds of a GPU: the best matrix product, then
 * training by the fused engine, by the reference, and by plain TensorFlow.js operations for the smallest job. The
 * fused engine runs on devices of its own, so that its first steps find nothing compiled. `device` must be idle.
 */
export async function benchmarkDevice(
  device: TfjsDevice,
  { signal, onProgress, onReport }: BenchmarkOptions,
): Promise<DeviceBenchmark> {
  const { isFallback, adapterInfo } = device.gpu
  const rounds = roundsFor(isFallback)
  const total = rounds.reduce((sum, { ours, plain }) => sum + stepsOf(ours) * 2 + stepsOf(plain), 0)
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
    before += stepsOf(round.ours) * 2 + stepsOf(round.plain)
    onReport?.(report())
  }
  return report()
}

function stepsOf(counted: number): number {
  return counted === 0 ? 0 : WARM_UP + counted
}

function roundsFor(isFallback: boolean): Round[] {
  const { d64, d128, d256 } = benchmarkCases
  if (isFallback) {
    return [
      { job: d64, ours: 5, plain: 1 },
      { job: d128, ours: 3, plain: 0 },
    ]
  }
  return [
    { job: d64, ours: 9, plain: 3 },
    { job: d128, ours: 9, plain: 0 },
    { job: d256, ours: 9, plain: 0 },
  ]
}

function contestants({ job, ours, plain }: Round, own: GpuDevice, device: TfjsDevice): Contestant[] {
  const { config } = job
  const ourEngines: Contestant[] = [
    {
      name: 'fused',
      steps: ours,
      create: (input) => engineTrainer('fused', createFusedEngine(config, own), input),
    },
    {
      name: 'reference',
      steps: ours,
      create: (input) => engineTrainer('reference', createTapeEngine(config, device), input),
    },
  ]
  if (plain === 0) return ourEngines
  return [
    ...ourEngines,
    {
      name: 'tfjs',
      steps: plain,
      create: (input) => engineTrainer('tfjs', createReferenceEngine(config), input),
    },
  ]
}
