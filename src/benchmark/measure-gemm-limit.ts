import { addLinear, addLinearDw, addLinearDx, type GemmShape } from '../engine/fused/gemm/gemm.ts'
import type { StepState } from '../engine/fused/step-state.ts'
import { KernelRunner } from '../gpu/kernel-runner.ts'
import { openDevice } from '../gpu/open-device.ts'
import { Schedule } from '../gpu/schedule.ts'
import { timeSchedule } from './time-schedule.ts'

export interface GemmLimit {
  /** Multiplies and adds, 1e9 a second. */
  readonly gigaflops: number
  /** The kernel that reached it. */
  readonly family: string
}

/** m = k = n of the product that the limit is measured at. */
const SIDE = 512

export const gemmFamilies = ['x.w', 'dy.w^T', 'x^T.dy'] as const
export type GemmFamily = (typeof gemmFamilies)[number]

const state: StepState = {
  seed: 0,
  step: 1,
  microBatch: 0,
  dropout: 0,
  crossEntropyScale: 1,
  sigregScale: 1,
  learningRate: 0,
  accumulate: false,
}

/** What the best of our matrix products reaches at 512 x 512 x 512 on this device. */
export async function measureGemmLimit(runner: KernelRunner): Promise<GemmLimit> {
  let best: GemmLimit = { gigaflops: 0, family: '' }
  for (const family of gemmFamilies) {
    const gigaflops = await measureGemm(runner, family, { m: SIDE, k: SIDE, n: SIDE })
    if (gigaflops > best.gigaflops) best = { gigaflops, family }
  }
  return best
}

/** The same on a device that is opened for it, so that nothing is compiled for whoever is measured next. */
export async function measureGemmLimitAlone(gpu?: GPU): Promise<GemmLimit> {
  const opened = await openDevice(gpu)
  try {
    return await measureGemmLimit(new KernelRunner(opened))
  } finally {
    opened.destroy()
  }
}

/** GFLOP/s of one family for x [m, k] and w [k, n]. */
export async function measureGemm(
  runner: KernelRunner,
  family: GemmFamily,
  shape: GemmShape,
): Promise<number> {
  const { m, k, n } = shape
  const schedule = new Schedule<StepState>()
  const matrix = (label: string, rows: number, columns: number) => schedule.kept(label, 4 * rows * columns)
  const [x, w, y] = [matrix('x', m, k), matrix('w', k, n), matrix('y', m, n)]
  switch (family) {
    case 'x.w':
      addLinear(schedule, shape, { x, w, y }, family)
      break
    case 'dy.w^T':
      addLinearDx(schedule, shape, { dy: y, w, dx: x }, family)
      break
    case 'x^T.dy':
      addLinearDw(schedule, shape, { x, dy: y, dw: w, db: matrix('db', 1, n) }, family)
      break
    default:
      family satisfies never
  }
  const seconds = await timeSchedule(runner, schedule, state, (values) =>
    Float32Array.from({ length: values }, (_, index) => Math.sin(index)),
  )
  return (2 * m * k * n) / seconds / 1e9
}
