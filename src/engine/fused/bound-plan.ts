import type { KernelRunner, Program } from '../../gpu/kernel-runner.ts'
import type { Region } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { Plan, PlanInput } from './plan.ts'
import type { StepState } from './step-state.ts'

/** A plan with its memory on the device: exactly plan.bytes of it. */
export class BoundPlan {
  readonly plan: Plan
  readonly program: Program<StepState>
  /** The rotary tables of positions 0..sequence-1 are written; they never change. */
  hasLocalTables = false
  readonly #runner: KernelRunner
  readonly #buffers: readonly GPUBuffer[]
  readonly #bufferOf: (region: Region) => GPUBuffer
  readonly #staging: GPUBuffer | undefined

  private constructor(
    runner: KernelRunner,
    plan: Plan,
    program: Program<StepState>,
    buffers: readonly GPUBuffer[],
    bufferOf: (region: Region) => GPUBuffer,
    staging: GPUBuffer | undefined,
  ) {
    this.#runner = runner
    this.plan = plan
    this.program = program
    this.#buffers = buffers
    this.#bufferOf = bufferOf
    this.#staging = staging
  }

  /** Allocates and compiles. Rejects with 'out-of-memory' where a buffer is larger than the device allows. */
  static async create(
    runner: KernelRunner,
    plan: Plan,
    external: (region: Region) => GPUBuffer | undefined,
  ): Promise<BoundPlan> {
    const { device } = runner.gpu
    assertWithinLimits(plan, device.limits)
    const { sizes, places } = plan.placement
    const storage = sizes.map((size, index) =>
      device.createBuffer({ label: `arena ${index}`, size, usage: 0x80 | 0x8 | 0x4 }),
    )
    const uniforms = device.createBuffer({ label: 'uniforms', size: plan.uniformBytes, usage: 0x40 | 0x8 })
    const staging =
      plan.stagingBytes > 0
        ? device.createBuffer({ label: 'readback', size: plan.stagingBytes, usage: 0x1 | 0x8 })
        : undefined
    const bufferOf = (region: Region) => external(region) ?? storage[places.get(region)!]!
    const program = await runner.bind(plan.schedule, bufferOf, uniforms)
    const all = [...storage, uniforms, ...(staging ? [staging] : [])]
    return new BoundPlan(runner, plan, program, all, bufferOf, staging)
  }

  /** Writes an input; takes effect for runs from now on. */
  write(input: PlanInput, values: Float32Array | Int32Array): void {
    const { region, offset } = this.plan.inputs[input]!
    const buffer = this.#bufferOf(region)
    this.#runner.gpu.device.queue.writeBuffer(buffer, offset, values as Int32Array<ArrayBuffer>)
  }

  /** Runs this plan and then others, without waiting. */
  run(state: StepState, others: readonly BoundPlan[] = []): void {
    const programs = [this, ...others].map(({ program }) => program)
    this.#runner.run(programs, state)
  }

  /** Runs this plan and then others, and reads this plan's outputs one after another: the only wait. */
  async runAndRead(state: StepState, others: readonly BoundPlan[] = []): Promise<Float32Array> {
    const programs = [this, ...others].map(({ program }) => program)
    const readbacks = this.plan.outputs.map(({ region, bytes }) => ({
      buffer: this.#bufferOf(region),
      bytes,
    }))
    this.#runner.run(programs, state, readbacks, this.#staging)
    return new Float32Array(await this.#runner.read(this.#staging!, this.plan.stagingBytes))
  }

  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy()
  }
}

function assertWithinLimits(plan: Plan, limits: GPUSupportedLimits): void {
  const limit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  const largest = Math.max(...plan.placement.sizes)
  if (largest <= limit) return
  throw new StudioError('out-of-memory', 'One micro-batch needs a larger buffer than this device allows.', {
    hint: 'Use a smaller micro-batch or a shorter sequence. Your last checkpoint is kept.',
  })
}
