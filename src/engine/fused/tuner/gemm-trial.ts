import { BoundSchedule } from '../../../gpu/bound-schedule.ts'
import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { Schedule, type Slice } from '../../../gpu/schedule.ts'
import { addLinear, addLinearDw, addLinearDx } from '../gemm/gemm.ts'
import { type GemmKind, type GemmShape, gemmClass } from '../gemm/gemm-shape.ts'
import { defaultKernelSet } from '../kernel-set.ts'
import { restingState, type StepState } from '../step-state.ts'

/** One product by one variant on buffers of its own. */
export class GemmTrial {
  readonly bound: BoundSchedule<StepState>
  readonly #slices: GemmSlices

  private constructor(bound: BoundSchedule<StepState>, slices: GemmSlices) {
    this.bound = bound
    this.#slices = slices
  }

  static async create(
    runner: KernelRunner,
    kind: GemmKind,
    shape: GemmShape,
    variant: string,
  ): Promise<GemmTrial> {
    const schedule = new Schedule<StepState>()
    const slices = addProduct(schedule, kind, shape, variant)
    return new GemmTrial(await BoundSchedule.create(runner, schedule), slices)
  }

  /** Operands as in addLinear, addLinearDx and addLinearDw. */
  write(a: Float32Array, b: Float32Array): void {
    this.bound.write(this.#slices.a, a)
    this.bound.write(this.#slices.b, b)
  }

  /** The product once. */
  async result(): Promise<Float32Array> {
    const [values] = await this.bound.run(restingState, [this.#slices.output])
    return new Float32Array(values!)
  }

  dispose(): void {
    this.bound.dispose()
  }
}

interface GemmSlices {
  readonly a: Slice
  readonly b: Slice
  readonly output: Slice
}

function addProduct(
  schedule: Schedule<StepState>,
  kind: GemmKind,
  shape: GemmShape,
  variant: string,
): GemmSlices {
  const { m, k, n } = shape
  const kernels = { ...defaultKernelSet, gemm: { [gemmClass(kind, shape)]: variant } }
  const scope = { schedule, kernels }
  const [x, w, y] = [
    schedule.kept('x', 4 * m * k),
    schedule.kept('w', 4 * k * n),
    schedule.kept('y', 4 * m * n),
  ]
  if (kind === 'nn') {
    addLinear(scope, shape, { x, w, y }, 'product')
    return { a: x, b: w, output: y }
  }
  if (kind === 'nt') {
    addLinearDx(scope, shape, { dy: y, w, dx: x }, 'product')
    return { a: y, b: w, output: x }
  }
  addLinearDw(scope, shape, { x, dy: y, dw: w, db: schedule.kept('db', 4 * n) }, 'product')
  return { a: x, b: y, output: w }
}
