import type { Region } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { Parameter } from '../../model/parameter-table.ts'
import { closedEngine } from '../closed-engine.ts'
import type { Moments } from '../engine.ts'
import { initialValues } from '../initial-values.ts'
import { FIGURES_BYTES, type ModelRegions } from './model-regions.ts'
import { modelBytes } from './plan.ts'

type Slot = 'values' | 'gradients' | 'm' | 'v'

const STORAGE = 0x80 | 0x8 | 0x4 // STORAGE | COPY_DST | COPY_SRC
const STAGING = 0x1 | 0x8 // MAP_READ | COPY_DST
/** From this size on, initialising one tensor takes long enough to let other tasks run in between. */
const LARGE_TENSOR = 2 ** 20

/** Weights, gradients and Adam moments of one model on the device. All but the weights exist only once needed. */
export class ParameterMemory {
  readonly #device: GPUDevice
  readonly #model: ModelRegions
  readonly #figures: GPUBuffer
  readonly #slots: Partial<Record<Slot, GPUBuffer[]>> = {}
  #disposed = false

  constructor(device: GPUDevice, model: ModelRegions) {
    this.#device = device
    this.#model = model
    this.#figures = device.createBuffer({ label: 'figures', size: FIGURES_BYTES, usage: STORAGE })
    this.#buffers('values')
  }

  /** Fresh weights, one tensor at a time, and no moments. */
  async initialise(seed: number): Promise<void> {
    for (const slot of ['gradients', 'm', 'v'] as const) this.#free(slot)
    for (const [place, parameter] of this.#model.layout.table.entries()) {
      this.write(parameter.name, 'values', initialValues(parameter, place, seed))
      if (parameter.size >= LARGE_TENSOR) await new Promise((resolve) => setTimeout(resolve))
    }
  }

  /** The buffer of a region that all schedules share. */
  bufferOf(region: Region): GPUBuffer | undefined {
    if (region === this.#model.figures) return this.#figures
    for (const slot of ['values', 'gradients', 'm', 'v'] as const) {
      const index = this.#model[slot].indexOf(region)
      if (index >= 0) return this.#buffers(slot)[index]
    }
    return undefined
  }

  write(name: string, slot: Slot, values: Float32Array): void {
    const { size } = this.#parameter(name)
    if (values.length !== size) {
      throw new StudioError('bad-input', `${name} has ${values.length} values instead of ${size}.`, {
        hint: 'These weights belong to another model config.',
      })
    }
    const { slab, offset } = this.#model.layout.places.get(name)!
    this.#device.queue.writeBuffer(this.#buffers(slot)[slab]!, offset, values as Float32Array<ArrayBuffer>)
  }

  /** A copy of the values; zeros where none were written. */
  async read(name: string, slot: Slot): Promise<Float32Array> {
    if (this.#disposed) throw closedEngine()
    const { size } = this.#parameter(name)
    const buffers = this.#slots[slot]
    if (!buffers) return new Float32Array(size)
    const { slab, offset } = this.#model.layout.places.get(name)!
    const staging = this.#device.createBuffer({ label: `read ${name}`, size: 4 * size, usage: STAGING })
    try {
      const encoder = this.#device.createCommandEncoder()
      encoder.copyBufferToBuffer(buffers[slab]!, offset, staging, 0, 4 * size)
      this.#device.queue.submit([encoder.finish()])
      await staging.mapAsync(GPUMapMode.READ)
      return new Float32Array(staging.getMappedRange().slice(0))
    } finally {
      staging.destroy()
    }
  }

  writeMoments(name: string, { m, v }: Moments): void {
    this.write(name, 'm', m)
    this.write(name, 'v', v)
  }

  bytes(): number {
    const { resting, training } = modelBytes(this.#model)
    const others = (['gradients', 'm', 'v'] as const).filter((slot) => this.#slots[slot]).length
    return resting + (training / 3) * others
  }

  /** Every later use throws: buffers made afresh would be zeros that look like a model. */
  dispose(): void {
    this.#disposed = true
    for (const slot of ['values', 'gradients', 'm', 'v'] as const) this.#free(slot)
    this.#figures.destroy()
  }

  #buffers(slot: Slot): GPUBuffer[] {
    if (this.#disposed) throw closedEngine()
    this.#slots[slot] ??= this.#model[slot].map(({ label, bytes }) =>
      this.#device.createBuffer({ label, size: bytes, usage: STORAGE }),
    )
    return this.#slots[slot]
  }

  #free(slot: Slot): void {
    for (const buffer of this.#slots[slot] ?? []) buffer.destroy()
    delete this.#slots[slot]
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
