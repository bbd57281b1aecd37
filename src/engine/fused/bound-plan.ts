import { allocate } from '../../gpu/allocate.ts'
import type { Copy, KernelRunner, Program, RunExtras } from '../../gpu/kernel-runner.ts'
import type { Region, Slice } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { Plan, PlanInput } from './plan.ts'
import type { StepState } from './step-state.ts'

const STORAGE = 0x80 | 0x8 | 0x4 // STORAGE | COPY_DST | COPY_SRC
const UNIFORM = 0x40 | 0x8 // UNIFORM | COPY_DST
const STAGING = 0x1 | 0x8 // MAP_READ | COPY_DST

/** Values on their way back; wrapped, so that a caller may wait for the submit alone. */
export interface Reading {
  readonly values: Promise<Float32Array>
}

/** Memory of the model that schedules share; what is missing is created. */
export interface SharedMemory {
  bufferOf(region: Region): GPUBuffer | undefined
  /** Creates what these regions need and is not there yet. -> the new buffers. */
  create(regions: Iterable<Region>): readonly GPUBuffer[]
  /** Forgets buffers that were destroyed. */
  forget(buffers: readonly GPUBuffer[]): void
}

/** A plan with its memory on the device: exactly plan.bytes of it. */
export class BoundPlan<P extends Plan = Plan> {
  readonly plan: P
  /** The rotary tables of positions 0..sequence-1 are written; they never change. */
  hasLocalTables = false
  readonly #runner: KernelRunner
  readonly #program: Program<StepState>
  readonly #buffers: readonly GPUBuffer[]
  readonly #stores: readonly GPUBuffer[]
  readonly #bufferOf: (region: Region) => GPUBuffer
  readonly #staging: GPUBuffer[]
  readonly #reading = new Set<Promise<unknown>>()

  private constructor(
    runner: KernelRunner,
    plan: P,
    program: Program<StepState>,
    buffers: { all: readonly GPUBuffer[]; stores: readonly GPUBuffer[]; staging: readonly GPUBuffer[] },
    bufferOf: (region: Region) => GPUBuffer,
  ) {
    this.#runner = runner
    this.plan = plan
    this.#program = program
    this.#buffers = buffers.all
    this.#stores = buffers.stores
    this.#staging = [...buffers.staging]
    this.#bufferOf = bufferOf
  }

  /** Allocates and compiles. Rejects with 'out-of-memory' where the device has no room, and nothing is left behind. */
  static async create<P extends Plan>(
    runner: KernelRunner,
    plan: P,
    shared: SharedMemory,
  ): Promise<BoundPlan<P>> {
    const { device } = runner.gpu
    assertWithinLimits(plan, device.limits)
    const { sizes, places } = plan.placement
    const buffer = (label: string, size: number, usage: number) => device.createBuffer({ label, size, usage })
    let made!: { arena: GPUBuffer[]; stores: GPUBuffer[]; uniforms: GPUBuffer; staging: GPUBuffer[] }
    let parameters: readonly GPUBuffer[] = []
    try {
      await allocate(device, () => {
        made = {
          arena: sizes.map((size, index) => buffer(`arena ${index}`, size, STORAGE)),
          stores: plan.stores.map((size, index) => buffer(`layer inputs ${index}`, size, STORAGE)),
          uniforms: buffer('uniforms', plan.uniformBytes, UNIFORM),
          staging: Array.from({ length: plan.readings }, () =>
            buffer('readback', plan.stagingBytes, STAGING),
          ),
        }
        parameters = shared.create(externalRegions(plan))
        return [...all(made), ...parameters]
      })
    } catch (error) {
      shared.forget(parameters)
      throw error
    }
    const bufferOf = (region: Region) => shared.bufferOf(region) ?? made.arena[places.get(region)!]!
    const program = await runner.bind(plan.schedule, bufferOf, made.uniforms).catch((error: unknown) => {
      for (const one of all(made)) one.destroy()
      throw error
    })
    return new BoundPlan(runner, plan, program, { ...made, all: all(made) }, bufferOf)
  }

  /** Writes an input; takes effect for runs from now on. */
  write(input: PlanInput, values: Float32Array | Int32Array): void {
    const { region, offset } = this.plan.inputs[input]!
    const buffer = this.#bufferOf(region)
    this.#runner.gpu.device.queue.writeBuffer(buffer, offset, values as Int32Array<ArrayBuffer>)
  }

  /** Runs a part of this plan, all of it if left out, and then other plans, without waiting for the device. */
  run(
    state: StepState,
    part: { readonly from?: number; readonly to?: number } = {},
    extras: RunExtras = {},
    others: readonly BoundPlan[] = [],
  ): Promise<void> {
    const parts = [
      { program: this.#program, ...part },
      ...others.map((other) => ({ program: other.#program })),
    ]
    return this.#runner.run(parts, state, extras)
  }

  /** As run; resolves when all is submitted, with this plan's outputs, one after another, on their way back. */
  async runAndRead(...[state, part, extras = {}, others]: Parameters<BoundPlan['run']>): Promise<Reading> {
    const staging = await this.#freeStaging()
    let at = 0
    const copies = this.plan.outputs.map(({ region, offset, bytes }): Copy => {
      at += bytes
      const from = { from: this.#bufferOf(region), fromOffset: offset }
      return { ...from, to: staging, toOffset: at - bytes, bytes }
    })
    const after = [...(extras.after ?? []), ...copies]
    try {
      await this.run(state, part, { ...extras, after }, others)
    } catch (error) {
      this.#staging.push(staging)
      throw error
    }
    const values = this.#runner.read(staging, this.plan.stagingBytes).then((content) => {
      this.#staging.push(staging)
      return new Float32Array(content)
    })
    // Whoever waits for the values is told of a failure; this copy of the promise is only to wait for the end.
    const ended = values.then(
      () => undefined,
      () => undefined,
    )
    this.#reading.add(ended)
    void ended.then(() => this.#reading.delete(ended))
    return { values }
  }

  /** Where a slice lies, for copies. */
  place({ region, offset }: Slice): { buffer: GPUBuffer; offset: number } {
    return { buffer: this.#bufferOf(region), offset }
  }

  store(index: number): GPUBuffer {
    return this.#stores[index]!
  }

  /** Frees the memory as soon as readings that are under way have ended. */
  dispose(): void {
    const destroy = () => {
      for (const buffer of this.#buffers) buffer.destroy()
    }
    if (this.#reading.size === 0) destroy()
    else void Promise.all(this.#reading).then(destroy)
  }

  async #freeStaging(): Promise<GPUBuffer> {
    for (;;) {
      const free = this.#staging.pop()
      if (free) return free
      if (this.#reading.size === 0) throw new Error('No readback buffer was given back.')
      await Promise.race(this.#reading)
    }
  }
}

function all(made: { arena: GPUBuffer[]; stores: GPUBuffer[]; uniforms: GPUBuffer; staging: GPUBuffer[] }) {
  return [...made.arena, ...made.stores, made.uniforms, ...made.staging]
}

function externalRegions({ schedule }: Plan): Set<Region> {
  const slices = schedule.dispatches.flatMap((dispatch) => Object.values(dispatch.slices) as Slice[])
  return new Set(slices.map(({ region }) => region).filter(({ life }) => life === 'external'))
}

function assertWithinLimits(plan: Plan, limits: GPUSupportedLimits): void {
  const limit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  const largest = Math.max(...plan.placement.sizes)
  if (largest <= limit) return
  throw new StudioError('out-of-memory', 'One micro-batch needs a larger buffer than this device allows.', {
    hint: 'Use a smaller micro-batch or a shorter sequence. Your last checkpoint is kept.',
  })
}
