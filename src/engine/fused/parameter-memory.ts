import type { Region } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { Parameter } from '../../model/parameter-table.ts'
import { closedEngine } from '../closed-engine.ts'
import type { Moments } from '../engine.ts'
import { initialValues } from '../initial-values.ts'
import type { SharedMemory } from './bound-plan.ts'
import { EightBitMoments } from './eight-bit-moments.ts'
import { HostMoments } from './host-moments.ts'
import { FIGURES_BYTES, type ModelRegions, type ParameterSlot } from './model-regions.ts'

type TensorSlot = Exclude<ParameterSlot, 'scales'>

const STORAGE = 0x80 | 0x8 | 0x4 // STORAGE | COPY_DST | COPY_SRC
const STAGING = 0x1 | 0x8 // MAP_READ | COPY_DST
/** From this size on, initialising one tensor takes long enough to let other tasks run in between. */
const LARGE_TENSOR = 2 ** 20

/**
 * Weights, gradients and Adam moments of one model. All but the weights exist only once needed; what the model's storage
 * keeps for one block only has its rest with the host (moments) or nowhere (gradients).
 */
export class ParameterMemory implements SharedMemory {
  readonly #device: GPUDevice
  #model: ModelRegions
  readonly #buffers = new Map<Region, GPUBuffer>()
  /** Resolves when the device has confirmed the weights' memory. */
  readonly ready: Promise<void>
  #host: HostMoments | undefined
  #eightBit: EightBitMoments | undefined
  #disposed = false

  constructor(device: GPUDevice, model: ModelRegions) {
    this.#device = device
    this.#model = model
    device.pushErrorScope('out-of-memory')
    this.create([...model.values, model.figures])
    this.ready = device.popErrorScope().then((error) => {
      if (error) throw weightsDoNotFit(model, error)
    })
    // Told by whoever works with the engine next.
    this.ready.catch(() => undefined)
  }

  /** Fresh weights, one tensor at a time, and no moments. */
  async initialise(seed: number): Promise<void> {
    this.#freeTraining()
    for (const [place, parameter] of this.#model.layout.table.entries()) {
      this.write(parameter.name, 'values', initialValues(parameter, place, seed))
      if (parameter.size >= LARGE_TENSOR) await new Promise((resolve) => setTimeout(resolve))
    }
  }

  /** Moves gradients and moments to another storage of the same layout; nothing may be bound to the old one. */
  async changeStorage(model: ModelRegions): Promise<void> {
    const saved: [string, Moments][] = []
    if (this.#host || this.#buffers.has(this.#model.m[0]!)) {
      for (const { name } of this.#model.layout.table) saved.push([name, await this.readMoments(name)])
    }
    this.#freeTraining()
    this.#model = model
    for (const [name, values] of saved) this.writeMoments(name, values)
  }

  bufferOf(region: Region): GPUBuffer | undefined {
    return this.#buffers.get(region)
  }

  create(regions: Iterable<Region>): readonly GPUBuffer[] {
    if (this.#disposed) throw closedEngine()
    const made: GPUBuffer[] = []
    for (const region of regions) {
      if (this.#buffers.has(region)) continue
      const { label, bytes } = region
      const buffer = this.#device.createBuffer({ label, size: bytes, usage: STORAGE })
      this.#buffers.set(region, buffer)
      made.push(buffer)
    }
    if (!this.#host && this.#model.storage.moments === 'block') made.push(...this.#createHost())
    return made
  }

  forget(buffers: readonly GPUBuffer[]): void {
    for (const [region, buffer] of this.#buffers) if (buffers.includes(buffer)) this.#buffers.delete(region)
    if (this.#host?.staging.some((buffer) => buffers.includes(buffer))) this.#host = undefined
  }

  /** Moments in the memory of the host, where the storage says so. */
  host(): HostMoments | undefined {
    if (this.#model.storage.moments === 'block' && !this.#host)
      this.create([...this.#model.m, ...this.#model.v])
    return this.#host
  }

  /** Values of an f32 slot; 8-bit moments take both at once (writeMoments). */
  write(name: string, slot: TensorSlot, values: Float32Array): void {
    const { size } = this.#parameter(name)
    if (values.length !== size) {
      throw new StudioError('bad-input', `${name} has ${values.length} values instead of ${size}.`, {
        hint: 'These weights belong to another model config.',
      })
    }
    const place = this.#model.layout.places.get(name)!
    const host = this.#hostOf(slot)
    if (host) {
      host.write(slot as 'm' | 'v', place, values)
      return
    }
    const region = this.#model[slot][place.slab]!
    this.create(this.#model[slot])
    this.#device.queue.writeBuffer(
      this.#buffers.get(region)!,
      place.offset,
      values as Float32Array<ArrayBuffer>,
    )
  }

  /** A copy of the values; zeros where none were written. */
  async read(name: string, slot: TensorSlot): Promise<Float32Array> {
    if (this.#disposed) throw closedEngine()
    const { size } = this.#parameter(name)
    const place = this.#model.layout.places.get(name)!
    const host = this.#hostOf(slot)
    if (host) {
      await host.settled()
      return host.read(slot as 'm' | 'v', place)
    }
    if (slot === 'gradients' && this.#model.storage.gradients === 'block') {
      throw new StudioError('unsupported', 'This memory plan keeps the gradients of one layer at a time.')
    }
    const buffer = this.#buffers.get(this.#model[slot][place.slab]!)
    if (!buffer) return new Float32Array(size)
    return new Float32Array(await this.#readBack(buffer, place.offset, 4 * size))
  }

  writeMoments(name: string, values: Moments): void {
    const eightBit = this.#eightBitMoments()
    if (eightBit) {
      eightBit.write(name, this.#model.layout.places.get(name)!, values)
      return
    }
    this.write(name, 'm', values.m)
    this.write(name, 'v', values.v)
  }

  async readMoments(name: string): Promise<Moments> {
    if (this.#disposed) throw closedEngine()
    const { size } = this.#parameter(name)
    if (this.#model.storage.momentBits === 8) {
      if (!this.#buffers.has(this.#model.m[0]!))
        return { m: new Float32Array(size), v: new Float32Array(size) }
      const readBack = (...part: [GPUBuffer, number, number]) => this.#readBack(...part)
      return this.#eightBitMoments()!.read(this.#model.layout.places.get(name)!, size, readBack)
    }
    return { m: await this.read(name, 'm'), v: await this.read(name, 'v') }
  }

  /** On the device now. */
  bytes(): number {
    const buffers = [...this.#buffers.values(), ...(this.#host?.staging ?? [])]
    return buffers.reduce((sum, { size }) => sum + size, 0)
  }

  /** Every later use throws: buffers made afresh would be zeros that look like a model. */
  dispose(): void {
    this.#disposed = true
    this.#host?.dispose()
    for (const buffer of this.#buffers.values()) buffer.destroy()
    this.#buffers.clear()
  }

  /** Once the buffers of a block's moments are there. -> its readback buffers. */
  #createHost(): readonly GPUBuffer[] {
    const buffers = (slot: 'm' | 'v') => this.#model[slot].map((region) => this.#buffers.get(region))
    const [m, v] = [buffers('m'), buffers('v')]
    if ([...m, ...v].includes(undefined)) return []
    this.#host = new HostMoments(this.#device, this.#model.layout, {
      m: m as GPUBuffer[],
      v: v as GPUBuffer[],
    })
    return this.#host.staging
  }

  #hostOf(slot: TensorSlot): HostMoments | undefined {
    return slot === 'm' || slot === 'v' ? this.host() : undefined
  }

  #eightBitMoments(): EightBitMoments | undefined {
    if (this.#model.storage.momentBits !== 8) return undefined
    const { m, v, scales } = this.#model
    this.create([...m, ...v, ...scales])
    this.#eightBit ??= new EightBitMoments(
      this.#model,
      this.#device.queue,
      (slot, index) => this.#buffers.get(this.#model[slot][index]!)!,
    )
    return this.#eightBit
  }

  async #readBack(buffer: GPUBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const staging = this.#device.createBuffer({ label: 'read', size: bytes, usage: STAGING })
    try {
      const encoder = this.#device.createCommandEncoder()
      encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes)
      this.#device.queue.submit([encoder.finish()])
      await staging.mapAsync(GPUMapMode.READ)
      return staging.getMappedRange().slice(0)
    } finally {
      staging.destroy()
    }
  }

  #freeTraining(): void {
    this.#host?.dispose()
    this.#host = undefined
    this.#eightBit = undefined
    const { gradients, m, v, scales } = this.#model
    for (const region of [...gradients, ...m, ...v, ...scales]) {
      this.#buffers.get(region)?.destroy()
      this.#buffers.delete(region)
    }
  }

  #parameter(name: string): Parameter {
    const parameter = this.#model.layout.table.find((entry) => entry.name === name)
    if (parameter === undefined) {
      throw new StudioError('bad-input', `This model has no tensor named ${name}.`, {
        hint: 'Use the canonical names of the model config.',
      })
    }
    return parameter
  }
}

function weightsDoNotFit(model: ModelRegions, error: GPUError): StudioError {
  const bytes = FIGURES_BYTES + model.values.reduce((sum, region) => sum + region.bytes, 0)
  const size = `${(bytes / 1e9).toPrecision(3)} GB`
  return new StudioError(
    'out-of-memory',
    `The graphics device has no room for the weights alone (${size}).`,
    {
      hint: 'Close other programs that use the GPU, or use a smaller model config.',
      cause: error.message,
    },
  )
}
