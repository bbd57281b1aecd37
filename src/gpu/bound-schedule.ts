import { type Copy, type KernelRunner, type Program, uniformBytes } from './kernel-runner.ts'
import type { Region, Schedule, Slice } from './schedule.ts'

/** A small schedule with a buffer for each region, all of them readable and writable by the CPU side. */
export class BoundSchedule<State> {
  readonly program: Program<State>
  readonly #runner: KernelRunner
  readonly #buffers: ReadonlyMap<Region, GPUBuffer>
  readonly #uniforms: GPUBuffer

  private constructor(
    runner: KernelRunner,
    program: Program<State>,
    buffers: ReadonlyMap<Region, GPUBuffer>,
    uniforms: GPUBuffer,
  ) {
    this.#runner = runner
    this.program = program
    this.#buffers = buffers
    this.#uniforms = uniforms
  }

  /** Allocates and compiles. Rejects where the device refuses, with everything freed and the device still healthy. */
  static async create<State>(runner: KernelRunner, schedule: Schedule<State>): Promise<BoundSchedule<State>> {
    const { device } = runner.gpu
    const regions = new Set(
      schedule.dispatches.flatMap(({ bound, slices }) => bound.map((name) => slices[name]!.region)),
    )
    // What is wrong with one schedule must not count as a failure of the device. The scopes hold only what is called
    // right here, up to the first wait.
    for (const kind of ['validation', 'out-of-memory'] as const) device.pushErrorScope(kind)
    const buffers = new Map<Region, GPUBuffer>()
    for (const region of regions) {
      buffers.set(region, device.createBuffer({ label: region.label, size: region.bytes, usage: STORAGE }))
    }
    const uniforms = device.createBuffer({ size: uniformBytes(schedule as Schedule<never>), usage: UNIFORM })
    const binding = runner.bind(schedule, (region) => buffers.get(region)!, uniforms)
    const scopes = [device.popErrorScope(), device.popErrorScope()]
    const [bound, ...errors] = await Promise.allSettled([binding, ...scopes])
    const error = errors.find((scope) => scope.status === 'fulfilled' && scope.value)
    if (bound.status === 'fulfilled' && !error) {
      return new BoundSchedule(runner, bound.value, buffers, uniforms)
    }
    for (const buffer of [...buffers.values(), uniforms]) buffer.destroy()
    throw bound.status === 'rejected' ? bound.reason : new Error('The device refused the schedule.')
  }

  write({ region, offset }: Slice, values: Float32Array | Int32Array | Uint32Array): void {
    const buffer = this.#buffers.get(region)!
    this.#runner.gpu.device.queue.writeBuffer(buffer, offset, values as Float32Array<ArrayBuffer>)
  }

  /** Runs the schedule. -> the content of each of these slices. */
  async run(state: State, outputs: readonly Slice[]): Promise<ArrayBuffer[]> {
    const bytes = outputs.reduce((sum, slice) => sum + slice.bytes, 0)
    const staging = this.#runner.gpu.device.createBuffer({ size: bytes, usage: READBACK })
    let end = 0
    const after = outputs.map(({ region, offset, bytes: length }): Copy => {
      end += length
      const from = this.#buffers.get(region)!
      return { from, fromOffset: offset, to: staging, toOffset: end - length, bytes: length }
    })
    await this.#runner.run([this], state, { after })
    const values = await this.#runner.read(staging, bytes)
    staging.destroy()
    let at = 0
    return outputs.map(({ bytes: length }) => {
      at += length
      return values.slice(at - length, at)
    })
  }

  dispose(): void {
    for (const buffer of [...this.#buffers.values(), this.#uniforms]) buffer.destroy()
  }
}

// Numbers, because Node has no GPUBufferUsage.
const STORAGE = 0x80 | 0x8 | 0x4
const UNIFORM = 0x40 | 0x8
const READBACK = 0x1 | 0x8
