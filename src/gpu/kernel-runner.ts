import { StudioError } from '../lib/studio-error.ts'
import { type DispatchTime, DispatchTimer } from './dispatch-timer.ts'
import { foldWorkgroups, packParams, workgroupSize } from './kernel.ts'
import type { GpuDevice } from './open-device.ts'
import { pipelineDescriptor, variantKey } from './pipeline-descriptor.ts'
import type { Region, Schedule, ScheduledDispatch } from './schedule.ts'

/** Offsets of uniform blocks; every device takes it. */
const UNIFORM_STRIDE = 256
/** Dispatches between two submits: the device starts while the rest is recorded, and no submit grows long. */
const DISPATCHES_PER_SUBMIT = 64

interface BoundDispatch {
  readonly label: string
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly workgroups: readonly [number, number]
}

/** A schedule on the device: bind groups and uniforms are made once, only changing parameters are written again. */
export interface Program<State> {
  readonly dispatches: readonly BoundDispatch[]
  /** Brings the uniforms up to date. */
  readonly update: (state: State) => void
}

/** Bytes from the start of a buffer that a run reads back. */
export interface Readback {
  readonly buffer: GPUBuffer
  readonly bytes: number
}

/** Bytes of the uniform buffer that a schedule needs. */
export function uniformBytes(schedule: Schedule<never>): number {
  return UNIFORM_STRIDE * Math.max(1, schedule.dispatches.length)
}

/** Runs schedules of raw kernels on a device, without tfjs. Pipelines are compiled once for each variant. */
export class KernelRunner {
  readonly gpu: GpuDevice
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()
  #timer: DispatchTimer | undefined
  #dispatches = 0
  #submits = 0

  constructor(gpu: GpuDevice) {
    this.gpu = gpu
  }

  /** Compiles what is new, all at once, and binds the schedule to buffers. `uniforms` takes uniformBytes(schedule). */
  async bind<State>(
    schedule: Schedule<State>,
    buffers: (region: Region) => GPUBuffer,
    uniforms: GPUBuffer,
  ): Promise<Program<State>> {
    const pipelines = await Promise.all(schedule.dispatches.map((dispatch) => this.#pipeline(dispatch)))
    const dispatches = schedule.dispatches.map((dispatch, index) =>
      this.#bound(dispatch, pipelines[index]!, buffers, { buffer: uniforms, offset: index * UNIFORM_STRIDE }),
    )
    return { dispatches, update: this.#updater(schedule, uniforms) }
  }

  /** Records programs in order and submits them, with copies of what is to be read into `staging`, one by one. */
  run<State>(
    programs: readonly Program<State>[],
    state: State,
    readbacks: readonly Readback[] = [],
    staging?: GPUBuffer,
  ): void {
    this.gpu.assertHealthy()
    for (const program of programs) program.update(state)
    const all = programs.flatMap(({ dispatches }) => dispatches)
    for (let from = 0; from < all.length; from += DISPATCHES_PER_SUBMIT) {
      const encoder = this.gpu.device.createCommandEncoder()
      this.#record(encoder, all.slice(from, from + DISPATCHES_PER_SUBMIT))
      if (from + DISPATCHES_PER_SUBMIT >= all.length && staging) copyAll(encoder, readbacks, staging)
      this.gpu.device.queue.submit([encoder.finish()])
      this.#submits += 1
    }
    this.#dispatches += all.length
  }

  /** The content of a staging buffer (MAP_READ) once the device has come that far. */
  async read(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    await staging.mapAsync(GPUMapMode.READ, 0, bytes)
    const content = staging.getMappedRange(0, bytes).slice(0)
    staging.unmap()
    return content
  }

  counters(): { readonly dispatches: number; readonly submits: number } {
    return { dispatches: this.#dispatches, submits: this.#submits }
  }

  /** GPU time by label of what `work` runs. Throws 'unsupported' without timestamps. */
  async profile(work: () => Promise<unknown>): Promise<DispatchTime[]> {
    if (!this.gpu.device.features.has('timestamp-query')) {
      throw new StudioError(
        'unsupported',
        'This device has no timestamp queries, so kernels cannot be timed.',
      )
    }
    const timer = new DispatchTimer(this.gpu.device)
    this.#timer = timer
    await work().finally(() => {
      this.#timer = undefined
    })
    return timer.read()
  }

  #record(encoder: GPUCommandEncoder, dispatches: readonly BoundDispatch[]): void {
    let pass: GPUComputePassEncoder | undefined
    for (const { label, pipeline, group, workgroups } of dispatches) {
      pass ??= encoder.beginComputePass(this.#timer?.pass(label))
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...workgroups)
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
    return { label: label ?? kernel.name, pipeline, group, workgroups: foldWorkgroups(groups, limit) }
  }

  /** Writes all uniform blocks now, and again at each run where a parameter depends on the state. */
  #updater<State>(schedule: Schedule<State>, uniforms: GPUBuffer): (state: State) => void {
    const blocks = new Uint8Array(uniformBytes(schedule as Schedule<never>))
    const changing = schedule.dispatches.some(({ params }) =>
      Object.values(params).some((value) => typeof value !== 'number'),
    )
    const fill = (state: State, all: boolean) => {
      schedule.dispatches.forEach(({ kernel, params, threads }, index) => {
        const entries = Object.entries(params)
        if (!all && entries.every(([, value]) => typeof value === 'number')) return
        const values = Object.fromEntries(
          entries.map(([name, value]) => [name, typeof value === 'number' ? value : value(state)]),
        )
        blocks.set(new Uint8Array(packParams(kernel, threads, values)), index * UNIFORM_STRIDE)
      })
      this.gpu.device.queue.writeBuffer(uniforms, 0, blocks)
    }
    let filled = false
    return (state) => {
      if (filled && !changing) return
      fill(state, !filled)
      filled = true
    }
  }

  #pipeline({ kernel, bound, constants = {} }: ScheduledDispatch<never>): Promise<GPUComputePipeline> {
    const variant = { kernel, bound, constants }
    const key = variantKey(variant)
    const known = this.#pipelines.get(key)
    if (known) return known
    const { device } = this.gpu
    const pipeline = device.createComputePipelineAsync(pipelineDescriptor(device, variant))
    this.#pipelines.set(key, pipeline)
    return pipeline
  }
}

function paramBytes(params: Readonly<Record<string, unknown>>): number {
  return Math.ceil((Object.keys(params).length + 1) / 4) * 16
}

function copyAll(encoder: GPUCommandEncoder, readbacks: readonly Readback[], staging: GPUBuffer): void {
  let at = 0
  for (const { buffer, bytes } of readbacks) {
    encoder.copyBufferToBuffer(buffer, 0, staging, at, bytes)
    at += bytes
  }
}
