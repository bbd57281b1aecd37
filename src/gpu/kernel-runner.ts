import { StudioError } from '../lib/studio-error.ts'
import { type DispatchTime, DispatchTimer } from './dispatch-timer.ts'
import { dispatchWork } from './dispatch-work.ts'
import { inErrorScopes, kernelInWords, NAMES_ERRORS, refused } from './error-scopes.ts'
import { foldWorkgroups, packParams, workgroupSize } from './kernel.ts'
import type { GpuDevice } from './open-device.ts'
import { type KernelVariant, pipelineDescriptor, variantKey } from './pipeline-descriptor.ts'
import type { Region, Schedule, ScheduledDispatch } from './schedule.ts'
import { SubmitPace } from './submit-pace.ts'

/** Offsets of uniform blocks; every device takes it. */
const UNIFORM_STRIDE = 256
/** Multiply-adds a millisecond that a device is taken to do before it was measured. */
const FIRST_RATE = { software: 1e6, hardware: 5e8 } as const

interface BoundDispatch {
  readonly kernel: string
  readonly label: string
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly workgroups: readonly [number, number]
}

/** A schedule on the device: bind groups and uniforms are made once, only changing parameters are written again. */
export interface Program<State> {
  readonly dispatches: readonly BoundDispatch[]
  /** Multiply-adds of each dispatch, roughly. */
  readonly work: readonly number[]
  /** Brings the uniforms of dispatches from .. to-1 up to date. */
  readonly update: (state: State, from: number, to: number) => void
}

/** Dispatches from .. to-1 of a program; all if left out. */
export interface ProgramPart<State> {
  readonly program: Program<State>
  readonly from?: number
  readonly to?: number
}

/** Bytes copied from one buffer to another; offsets are multiples of 4. */
export interface Copy {
  readonly from: GPUBuffer
  readonly fromOffset: number
  readonly to: GPUBuffer
  readonly toOffset: number
  readonly bytes: number
}

/** What is recorded around the dispatches of a run. */
export interface RunExtras {
  /** Buffers that are zeroed first. */
  readonly clear?: readonly GPUBuffer[]
  readonly before?: readonly Copy[]
  readonly after?: readonly Copy[]
  /** Stops between two submits. */
  readonly signal?: AbortSignal | undefined
}

/** Bytes of the uniform buffer that a schedule needs. */
export function uniformBytes(schedule: Schedule<never>): number {
  return UNIFORM_STRIDE * Math.max(1, schedule.dispatches.length)
}

/** Runs schedules of raw kernels on a device, without tfjs. Pipelines are compiled once for each variant. */
export class KernelRunner {
  readonly gpu: GpuDevice
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()
  readonly #pace: SubmitPace
  #timer: DispatchTimer | undefined
  /** Settles when the device has answered for all submits so far; at once in production. */
  #checked: Promise<unknown> = Promise.resolve()
  #repeats = 1
  #dispatches = 0
  #submits = 0

  constructor(gpu: GpuDevice) {
    this.gpu = gpu
    this.#pace = new SubmitPace(gpu.device.queue, FIRST_RATE[gpu.isFallback ? 'software' : 'hardware'])
  }

  /** Starts to compile what is new, for a later `bind`, which is also told of what fails. */
  compileAhead(schedule: Schedule<never>): void {
    for (const dispatch of schedule.dispatches) this.#pipeline(dispatch).catch(() => undefined)
  }

  /**
   * Compiles what is new, all at once, and binds the schedule to buffers. `uniforms` takes uniformBytes(schedule). In
   * development it rejects with the name of a kernel whose bindings the device refuses.
   */
  async bind<State>(
    schedule: Schedule<State>,
    buffers: (region: Region) => GPUBuffer,
    uniforms: GPUBuffer,
  ): Promise<Program<State>> {
    const pipelines = await Promise.all(schedule.dispatches.map((dispatch) => this.#pipeline(dispatch)))
    const refusals: Promise<StudioError | undefined>[] = []
    const dispatches = schedule.dispatches.map((dispatch, index) => {
      const uniform = { buffer: uniforms, offset: index * UNIFORM_STRIDE }
      const bind = () => this.#bound(dispatch, pipelines[index]!, buffers, uniform)
      if (!NAMES_ERRORS) return bind()
      const { value, error } = inErrorScopes(this.gpu.device, bind)
      refusals.push(error.then((cause) => cause && refused(kernelInWords(value.kernel, value.label), cause)))
      return value
    })
    const refusal = (await Promise.all(refusals)).find((error) => error !== undefined)
    if (refusal) throw refusal
    const work = schedule.dispatches.map(dispatchWork)
    return { dispatches, work, update: this.#updater(schedule, uniforms) }
  }

  /**
   * Records the parts in order and submits them in slices of about 100 ms; resolves when all is submitted, which waits
   * only where several slices are ahead of the device. Rejects with 'cancelled' between two slices.
   */
  async run<State>(
    parts: readonly ProgramPart<State>[],
    state: State,
    extras: RunExtras = {},
  ): Promise<void> {
    this.gpu.assertHealthy()
    const dispatches: BoundDispatch[] = []
    const work: number[] = []
    for (const { program, from = 0, to = program.dispatches.length } of parts) {
      program.update(state, from, to)
      dispatches.push(...program.dispatches.slice(from, to))
      work.push(...program.work.slice(from, to))
    }
    for (let from = 0; from < dispatches.length; ) {
      const to = this.#pace.sliceEnd(work, from, dispatches.length)
      await this.#pace.ready()
      if (extras.signal?.aborted) throw cancelled()
      const slice = dispatches.slice(from, to)
      this.#named(slice, () => {
        const encoder = this.gpu.device.createCommandEncoder()
        if (from === 0) {
          for (const buffer of extras.clear ?? []) encoder.clearBuffer(buffer)
          recordCopies(encoder, extras.before)
        }
        this.#record(encoder, slice)
        if (to === dispatches.length) recordCopies(encoder, extras.after)
        this.gpu.device.queue.submit([encoder.finish()])
      })
      this.#pace.submitted(work.slice(from, to).reduce((sum, one) => sum + one, 0))
      this.#submits += 1
      from = to
    }
    this.#dispatches += dispatches.length
  }

  /** The content of a staging buffer (MAP_READ) once the device has come that far. */
  async read(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const checked = this.#checked
    await staging.mapAsync(GPUMapMode.READ, 0, bytes)
    await checked
    const content = staging.getMappedRange(0, bytes).slice(0)
    staging.unmap()
    return content
  }

  counters(): { readonly dispatches: number; readonly submits: number } {
    return { dispatches: this.#dispatches, submits: this.#submits }
  }

  /**
   * GPU time by label of what `work` runs. With `repeats` every dispatch runs so often and counts once, which times short
   * ones, and spoils the results of those that change what they read. Throws 'unsupported' without timestamps.
   */
  async profile(work: () => Promise<unknown>, repeats = 1): Promise<DispatchTime[]> {
    if (!this.gpu.device.features.has('timestamp-query')) {
      throw new StudioError(
        'unsupported',
        'This device has no timestamp queries, so kernels cannot be timed.',
      )
    }
    const timer = new DispatchTimer(this.gpu.device)
    this.#timer = timer
    this.#repeats = repeats
    await work().finally(() => {
      this.#timer = undefined
      this.#repeats = 1
    })
    const times = await timer.read()
    return times.map((time) => ({ ...time, milliseconds: time.milliseconds / repeats }))
  }

  /** Submits; in development the device fails with the name of what it refused, without a wait for its answer. */
  #named(dispatches: readonly BoundDispatch[], submit: () => void): void {
    if (!NAMES_ERRORS) {
      submit()
      return
    }
    const { error } = inErrorScopes(this.gpu.device, submit)
    const named = error.then(async (cause) => {
      if (!cause) return
      const culprit = await this.#culprit(dispatches)
      const what = culprit
        ? kernelInWords(culprit.kernel, culprit.label)
        : `a submit of ${dispatches.map(({ label }) => label).join(', ')}`
      this.gpu.report(refused(what, cause))
    })
    this.#checked = Promise.all([this.#checked, named])
  }

  /** The first of these dispatches that the device refuses when it is recorded alone; nothing runs. */
  async #culprit(dispatches: readonly BoundDispatch[]): Promise<BoundDispatch | undefined> {
    const { device } = this.gpu
    for (const dispatch of dispatches) {
      const { error } = inErrorScopes(device, () => {
        const encoder = device.createCommandEncoder()
        this.#record(encoder, [dispatch])
        encoder.finish()
      })
      if (await error) return dispatch
    }
    return undefined
  }

  #record(encoder: GPUCommandEncoder, dispatches: readonly BoundDispatch[]): void {
    let pass: GPUComputePassEncoder | undefined
    for (const { label, pipeline, group, workgroups } of dispatches) {
      pass ??= encoder.beginComputePass(this.#timer?.pass(label))
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      for (let count = 0; count < this.#repeats; count += 1) pass.dispatchWorkgroups(...workgroups)
      if (this.#timer) {
        pass.end()
        pass = undefined
      }
    }
    pass?.end()
  }

  #bound(
    { kernel, bound, slices, threads, constants, label }: ScheduledDispatch<never>,
    pipeline: GPUComputePipeline,
    buffers: (region: Region) => GPUBuffer,
    uniform: { buffer: GPUBuffer; offset: number },
  ): BoundDispatch {
    const resources: GPUBufferBinding[] = bound.map((name) => {
      const { region, offset, bytes } = slices[name]!
      return { buffer: buffers(region), offset, size: bytes }
    })
    const group = this.gpu.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [...resources, { ...uniform, size: paramBytes(kernel.params) }].map((resource, binding) => ({
        binding,
        resource,
      })),
    })
    const groups = Math.ceil(threads / workgroupSize(kernel, constants))
    const limit = this.gpu.device.limits.maxComputeWorkgroupsPerDimension
    return {
      kernel: kernel.name,
      label: label ?? kernel.name,
      pipeline,
      group,
      workgroups: foldWorkgroups(groups, limit),
    }
  }

  /** Writes uniform blocks when first run, and again where a parameter depends on the state. */
  #updater<State>(schedule: Schedule<State>, uniforms: GPUBuffer): Program<State>['update'] {
    const blocks = new Uint8Array(uniformBytes(schedule as Schedule<never>))
    const filled = new Uint8Array(schedule.dispatches.length)
    return (state, from, to) => {
      let first = to
      let last = from
      for (let index = from; index < to; index += 1) {
        const { kernel, params, threads } = schedule.dispatches[index]!
        const entries = Object.entries(params)
        if (filled[index] && entries.every(([, value]) => typeof value === 'number')) continue
        const values = Object.fromEntries(
          entries.map(([name, value]) => [name, typeof value === 'number' ? value : value(state)]),
        )
        blocks.set(new Uint8Array(packParams(kernel, threads, values)), index * UNIFORM_STRIDE)
        filled[index] = 1
        first = Math.min(first, index)
        last = index + 1
      }
      if (first >= last) return
      const changed = blocks.subarray(first * UNIFORM_STRIDE, last * UNIFORM_STRIDE)
      this.gpu.device.queue.writeBuffer(uniforms, first * UNIFORM_STRIDE, changed)
    }
  }

  #pipeline({ kernel, bound, constants = {} }: ScheduledDispatch<never>): Promise<GPUComputePipeline> {
    const variant = { kernel, bound, constants }
    const key = variantKey(variant)
    const known = this.#pipelines.get(key)
    if (known) return known
    const pipeline = compile(this.gpu.device, variant)
    this.#pipelines.set(key, pipeline)
    return pipeline
  }
}

/** In development it rejects with the kernel's name and the compiler's words. */
async function compile(device: GPUDevice, variant: KernelVariant): Promise<GPUComputePipeline> {
  const create = () => device.createComputePipelineAsync(pipelineDescriptor(device, variant))
  if (!NAMES_ERRORS) return create()
  const { value, error } = inErrorScopes(device, create)
  const [pipeline, cause] = await Promise.allSettled([value, error])
  if (cause.status === 'fulfilled' && cause.value)
    throw refused(kernelInWords(variant.kernel.name), cause.value)
  if (pipeline.status === 'rejected') throw refused(kernelInWords(variant.kernel.name), pipeline.reason)
  return pipeline.value
}

function paramBytes(params: Readonly<Record<string, unknown>>): number {
  return Math.ceil((Object.keys(params).length + 1) / 4) * 16
}

function recordCopies(encoder: GPUCommandEncoder, copies: readonly Copy[] = []): void {
  for (const { from, fromOffset, to, toOffset, bytes } of copies) {
    encoder.copyBufferToBuffer(from, fromOffset, to, toOffset, bytes)
  }
}

function cancelled(): StudioError {
  return new StudioError('cancelled', 'The step was cancelled before its weights changed.')
}
