import { allocate } from '../../gpu/allocate.ts'
import { defineKernel } from '../../gpu/kernel.ts'
import { type KernelRunner, type Program, uniformBytes } from '../../gpu/kernel-runner.ts'
import { Schedule } from '../../gpu/schedule.ts'
import { type CosineSource, unitVector } from './cosine-source.ts'
import cosinesWgsl from './cosines.wgsl?raw'

export const cosinesKernel = defineKernel({
  name: 'cosines',
  source: cosinesWgsl,
  bindings: { targets: 'read vec4f', models: 'read vec4f', table: 'write vec4f' },
  params: { vectors: 'u32', model_tiles: 'u32' },
})

const STORAGE = 0x80 | 0x8 | 0x4 // STORAGE | COPY_DST | COPY_SRC
const UNIFORM = 0x40 | 0x8 // UNIFORM | COPY_DST
const STAGING = 0x1 | 0x8 // MAP_READ | COPY_DST

const roundUp = (value: number) => 4 * Math.ceil(value / 4)

/**
 * Cosines on the GPU, in chunks of `mostTargets`; two chunks may be under way. The embeddings stay on the device until
 * `dispose`. Rejects with 'out-of-memory' where they do not fit.
 */
export async function gpuCosines(
  runner: KernelRunner,
  embeddings: readonly Float32Array[],
  mostTargets = 512,
): Promise<CosineSource> {
  const { device } = runner.gpu
  const width = roundUp(embeddings[0]?.length ?? 0)
  const [rows, columns] = [roundUp(mostTargets), roundUp(embeddings.length)]
  const schedule = new Schedule<null>()
  const targets = schedule.kept('targets', 4 * rows * width)
  const models = schedule.kept('models', 4 * columns * width)
  const table = schedule.kept('cosines', 4 * rows * columns)
  schedule.add(cosinesKernel, {
    slices: { targets, models, table },
    params: { vectors: width / 4, model_tiles: columns / 4 },
    threads: (rows * columns) / 16,
  })
  const buffers = new Map<unknown, GPUBuffer>()
  const staging: GPUBuffer[] = []
  let uniforms!: GPUBuffer
  await allocate(device, () => {
    for (const { region } of [targets, models, table]) {
      buffers.set(region, device.createBuffer({ label: region.label, size: region.bytes, usage: STORAGE }))
    }
    uniforms = device.createBuffer({ label: 'uniforms', size: uniformBytes(schedule), usage: UNIFORM })
    for (let index = 0; index < 2; index += 1) {
      staging.push(device.createBuffer({ label: 'readback', size: table.region.bytes, usage: STAGING }))
    }
    return [...buffers.values(), uniforms, ...staging]
  })
  const all = [...buffers.values(), uniforms, ...staging]
  const tableBuffer = buffers.get(table.region)!
  let program: Program<null>
  try {
    program = await runner.bind(schedule, (region) => buffers.get(region)!, uniforms)
  } catch (error) {
    for (const buffer of all) buffer.destroy()
    throw error
  }
  device.queue.writeBuffer(buffers.get(models.region)!, 0, packed(embeddings, columns, width))

  /** Chunks reach the device one after the other, and a third waits until a buffer is free to read into. */
  let submittedBefore: Promise<unknown> = Promise.resolve()
  let answeredBefore: Promise<unknown> = Promise.resolve()
  let answeredLast: Promise<unknown> = Promise.resolve()

  async function submit(chunk: readonly Float32Array[]): Promise<GPUBuffer> {
    const to = staging.shift()!
    device.queue.writeBuffer(buffers.get(targets.region)!, 0, packed(chunk, rows, width))
    const copy = { from: tableBuffer, fromOffset: 0, to, toOffset: 0, bytes: table.region.bytes }
    await runner.run([{ program }], null, { after: [copy] })
    return to
  }

  return {
    mostTargets,
    async cosines(chunk) {
      const ready = Promise.all([submittedBefore, answeredBefore])
      const submitted = ready.then(() => submit(chunk))
      const answer = submitted.then(async (from) => {
        const values = new Float32Array(await runner.read(from, 4 * chunk.length * columns))
        staging.push(from)
        return values
      })
      submittedBefore = submitted.catch(() => undefined)
      answeredBefore = answeredLast
      answeredLast = answer.catch(() => undefined)
      const values = await answer
      runner.gpu.assertHealthy()
      return withoutPadding(values, chunk.length, columns, embeddings.length)
    },
    dispose() {
      for (const buffer of all) buffer.destroy()
    },
  }
}

/** Unit vectors as rows of `width` values, the rest zeros. */
function packed(vectors: readonly Float32Array[], rows: number, width: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rows * width)
  for (const [row, vector] of vectors.entries()) values.set(unitVector(vector), row * width)
  return values
}

function withoutPadding(values: Float32Array, rows: number, columns: number, kept: number): Float32Array {
  if (columns === kept) return values
  const table = new Float32Array(rows * kept)
  for (let row = 0; row < rows; row += 1) {
    table.set(values.subarray(row * columns, row * columns + kept), row * kept)
  }
  return table
}
