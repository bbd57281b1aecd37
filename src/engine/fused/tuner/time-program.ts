import type { KernelRunner, Program } from '../../../gpu/kernel-runner.ts'
import type { GpuDevice } from '../../../gpu/open-device.ts'
import { restingState, type StepState } from '../step-state.ts'

export interface TimingOptions {
  /** Milliseconds that one sample lasts at least, because timestamps are quantised. */
  readonly atLeast?: number
  readonly samples?: number
  /** Milliseconds a run; what needs more in its first sample is not measured further. */
  readonly giveUpAt?: number
  /** Waited for between samples, so that the device is free for others. */
  readonly between?: () => Promise<void>
}

const MOST_REPEATS = 512

/**
 * Median milliseconds of one run of a program: each sample is one submit of as many runs as last long enough, taken by
 * timestamps where the device has them, else from the submit until the queue is idle. The first run is not counted.
 */
export async function timeProgram(
  runner: KernelRunner,
  program: Program<StepState>,
  { atLeast = 5, samples = 3, giveUpAt = Number.POSITIVE_INFINITY, between }: TimingOptions = {},
): Promise<number> {
  await runner.run([{ program }], restingState)
  await runner.gpu.device.queue.onSubmittedWorkDone()
  const times: number[] = []
  let repeats = 1
  while (times.length < samples) {
    await between?.()
    const milliseconds = await timeRepeats(runner.gpu, program, repeats)
    runner.gpu.assertHealthy()
    const one = milliseconds / repeats
    const longEnough = milliseconds >= atLeast || repeats >= MOST_REPEATS
    // A short sample may be one tick of the clock, which says nothing about a fast kernel.
    if (longEnough && one > giveUpAt) return one
    if (longEnough) times.push(one)
    else repeats = Math.min(MOST_REPEATS, Math.ceil(repeats * growth(milliseconds, atLeast)))
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!
}

/** How many times more runs a sample needs; at most 8 at a time, since short samples say little. */
function growth(milliseconds: number, atLeast: number): number {
  return Math.min(8, Math.max(1.3, (1.2 * atLeast) / Math.max(milliseconds, 1e-3)))
}

/** Milliseconds of one submit with this many runs. */
async function timeRepeats(gpu: GpuDevice, program: Program<StepState>, repeats: number): Promise<number> {
  const stamps = gpu.device.features.has('timestamp-query') ? new Stamps(gpu.device) : undefined
  const encoder = gpu.device.createCommandEncoder()
  const pass = encoder.beginComputePass(stamps?.pass)
  for (let run = 0; run < repeats; run += 1) {
    for (const { pipeline, group, workgroups } of program.dispatches) {
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(...workgroups)
    }
  }
  pass.end()
  stamps?.resolve(encoder)
  const start = performance.now()
  gpu.device.queue.submit([encoder.finish()])
  await gpu.device.queue.onSubmittedWorkDone()
  const waited = performance.now() - start
  const stamped = await stamps?.read()
  // Some drivers offer timestamps and leave them zero.
  return stamped && stamped > 0 ? stamped : waited
}

/** The time of one compute pass by two timestamps. */
class Stamps {
  readonly pass: GPUComputePassDescriptor
  readonly #queries: GPUQuerySet
  readonly #resolved: GPUBuffer
  readonly #staging: GPUBuffer

  constructor(device: GPUDevice) {
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 })
    this.pass = {
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 0,
        endOfPassWriteIndex: 1,
      },
    }
    // Numbers, because Node has no GPUBufferUsage: QUERY_RESOLVE | COPY_SRC, then MAP_READ | COPY_DST.
    this.#resolved = device.createBuffer({ size: 16, usage: 0x200 | 0x4 })
    this.#staging = device.createBuffer({ size: 16, usage: 0x1 | 0x8 })
  }

  resolve(encoder: GPUCommandEncoder): void {
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0)
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, 16)
  }

  /** Milliseconds, once the work is done. The object is spent afterwards. */
  async read(): Promise<number> {
    await this.#staging.mapAsync(0x1)
    const [begin, end] = new BigUint64Array(this.#staging.getMappedRange().slice(0)) as unknown as bigint[]
    for (const resource of [this.#queries, this.#resolved, this.#staging]) resource.destroy()
    return Number(end! - begin!) / 1e6
  }
}
