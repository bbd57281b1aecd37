import { type KernelRunner, uniformBytes } from '../gpu/kernel-runner.ts'
import type { Region, Schedule } from '../gpu/schedule.ts'

/** Long enough that neither the clock's grain nor the wait for the queue shows. */
const SHORTEST_MILLISECONDS = 40
const MOST_REPEATS = 4096
const TRIES = 3

/**
 * Seconds of one run of a schedule whose regions are all `kept`, filled with `fill`: as many runs as take 40 ms,
 * three times, the fastest counted, since all else on the machine only makes it slower.
 */
export async function timeSchedule<State>(
  runner: KernelRunner,
  schedule: Schedule<State>,
  state: State,
  fill: (values: number) => Float32Array,
): Promise<number> {
  const { device } = runner.gpu
  const buffers = new Map<Region, GPUBuffer>()
  for (const { slices, bound } of schedule.dispatches) {
    for (const { region } of bound.map((name) => slices[name]!)) {
      if (buffers.has(region)) continue
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
      const buffer = device.createBuffer({ label: region.label, size: region.bytes, usage })
      device.queue.writeBuffer(buffer, 0, fill(region.bytes / 4) as Float32Array<ArrayBuffer>)
      buffers.set(region, buffer)
    }
  }
  const uniforms = device.createBuffer({
    label: 'uniforms',
    size: uniformBytes(schedule as Schedule<never>),
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  })
  try {
    const program = await runner.bind(schedule, (region) => buffers.get(region)!, uniforms)
    const seconds = async (repeats: number) => {
      await device.queue.onSubmittedWorkDone()
      const start = performance.now()
      runner.run(
        Array.from({ length: repeats }, () => program),
        state,
      )
      await device.queue.onSubmittedWorkDone()
      return (performance.now() - start) / 1000
    }
    await seconds(1)
    let repeats = 1
    let time = await seconds(repeats)
    while (time * 1000 < SHORTEST_MILLISECONDS && repeats < MOST_REPEATS) {
      repeats *= 2
      time = await seconds(repeats)
    }
    for (let more = 1; more < TRIES; more += 1) time = Math.min(time, await seconds(repeats))
    runner.gpu.assertHealthy()
    return time / repeats
  } finally {
    for (const buffer of [...buffers.values(), uniforms]) buffer.destroy()
  }
}
