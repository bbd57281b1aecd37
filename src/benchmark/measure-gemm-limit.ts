import { type GemmKind, type GemmShape, gemmKinds } from '../engine/fused/gemm/gemm-shape.ts'
import { parseGemmVariant, supportsVariant } from '../engine/fused/gemm/gemm-variant.ts'
import { GemmTrial } from '../engine/fused/tuner/gemm-trial.ts'
import { restingState } from '../engine/fused/tuner/resting-state.ts'
import type { KernelRunner } from '../gpu/kernel-runner.ts'

export interface GemmLimit {
  /** Multiplies and adds, 1e9 a second. */
  readonly gigaflops: number
  /** The kernel that reached it. */
  readonly family: string
}

/** m = k = n of the product that the limit is measured at. */
const SIDE = 512
/** Long enough that neither the clock's grain nor the wait for the queue shows. */
const SHORTEST_SECONDS = 0.04
const MOST_REPEATS = 4096
const TRIES = 3

/** Of each family what wins at such sizes, on a device without and with shared memory of its own. */
export const gemmVariants: Readonly<Record<GemmKind, readonly string[]>> = {
  nn: ['direct-8x3', 'direct-8x2', 'lanes-8x2', 'shared-64x64x16-8x8'],
  nt: ['direct-8x2', 'lanes-8x2', 'shared-64x64x16-8x8'],
  tn: ['direct-2x2', 'lanes-2x2', 'shared-64x64x16-8x8'],
}

/** What the best of our matrix products reaches at 512 x 512 x 512 on this device, f32. */
export async function measureGemmLimit(runner: KernelRunner): Promise<GemmLimit> {
  let best: GemmLimit = { gigaflops: 0, family: '' }
  for (const kind of gemmKinds) {
    for (const variant of gemmVariants[kind]) {
      // Never the best where the processor stands in for a GPU, and seconds long there.
      if (runner.gpu.isFallback && variant.startsWith('shared')) continue
      const gigaflops = await measureGemm(runner, kind, { m: SIDE, k: SIDE, n: SIDE }, variant)
      if (gigaflops > best.gigaflops) best = { gigaflops, family: `${kind} ${variant}` }
    }
  }
  return best
}

/**
 * GFLOP/s of one variant for x [m, k] and w [k, n]; 0 where the device cannot run it. As many products as take 40 ms,
 * three times, the fastest counted, since all else on the machine only makes it slower.
 */
export async function measureGemm(
  runner: KernelRunner,
  kind: GemmKind,
  shape: GemmShape,
  variant: string,
): Promise<number> {
  const { m, k, n } = shape
  const { device } = runner.gpu
  const parsed = parseGemmVariant(variant)
  if (!parsed || !supportsVariant(device, parsed)) return 0
  const trial = await GemmTrial.create(runner, kind, shape, variant)
  const seconds = async (count: number) => {
    await device.queue.onSubmittedWorkDone()
    const start = performance.now()
    await trial.bound.run(restingState, [], count)
    await device.queue.onSubmittedWorkDone()
    return (performance.now() - start) / 1000
  }
  try {
    const [a, b] = kind === 'nn' ? [m * k, k * n] : kind === 'nt' ? [m * n, k * n] : [m * k, m * n]
    trial.write(waves(a), waves(b))
    await seconds(1)
    let count = 1
    let time = await seconds(count)
    while (time < SHORTEST_SECONDS && count < MOST_REPEATS) {
      count *= 2
      time = await seconds(count)
    }
    for (let more = 1; more < TRIES; more += 1) time = Math.min(time, await seconds(count))
    runner.gpu.assertHealthy()
    return (2 * m * k * n * count) / time / 1e9
  } finally {
    trial.dispose()
  }
}

function waves(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index))
}
