import * as tf from '@tensorflow/tfjs'
import { StudioError } from '../lib/studio-error.ts'
import type { ModelConfig } from '../model/model-config.ts'
import { type Parameter, parameterTable } from '../model/parameter-table.ts'
import { closedEngine } from './closed-engine.ts'
import type { Moments } from './engine.ts'
import { initialValues } from './initial-values.ts'
import type { ParameterState } from './model-ops.ts'

type Slot = 'value' | 'm' | 'v'

/** How values reach the device and come back, where tfjs' own way would keep copies on the CPU. */
export interface TensorAccess {
  /** A tensor that no longer needs `values`. */
  upload(values: Float32Array, shape: number[]): tf.Tensor
  read(tensor: tf.Tensor): Promise<Float32Array>
}

const plainAccess: TensorAccess = {
  upload: (values, shape) => tf.tensor(values.slice(), shape),
  read: async (tensor) => Float32Array.from(await tensor.data<'float32'>()),
}

/** From this size on, initialising one tensor takes long enough to let other tasks run in between. */
const LARGE_TENSOR = 2 ** 20

/** A parameter whose tensors exist only once they were written or needed. */
interface LazyState {
  readonly name: string
  value?: tf.Tensor
  m?: tf.Tensor
  v?: tf.Tensor
}

/**
 * Weights and Adam moments of one model on the device, in the order of the parameter table. Weights start as zeros;
 * moments take no memory before the first step or write.
 */
export class ParameterStore {
  readonly table: readonly Parameter[]
  readonly #states: readonly LazyState[]
  readonly #access: TensorAccess
  readonly #places: ReadonlyMap<string, number>
  #disposed = false

  constructor(config: ModelConfig, access: TensorAccess = plainAccess) {
    this.#access = access
    this.table = parameterTable(config)
    this.#states = this.table.map(({ name }) => ({ name }))
    this.#places = new Map(this.table.map(({ name }, place) => [name, place]))
  }

  /** Fresh weights, one tensor at a time, and no moments. */
  async initialise(seed: number): Promise<void> {
    this.clearMoments()
    for (const [place, parameter] of this.table.entries()) {
      this.write(parameter.name, 'value', initialValues(parameter, place, seed))
      if (parameter.size >= LARGE_TENSOR) await new Promise((resolve) => setTimeout(resolve))
    }
  }

  /** The weight tensor of this name; it stays the store's. */
  value(name: string): tf.Tensor {
    return this.#tensor(this.#place(name), 'value')
  }

  /** All weights in table order. */
  values(): tf.Tensor[] {
    return this.table.map((_, place) => this.#tensor(place, 'value'))
  }

  /** All weights with their moments, for the optimizer, which may put other tensors into the states. */
  trainable(): readonly ParameterState[] {
    for (const place of this.table.keys()) {
      for (const slot of ['value', 'm', 'v'] as const) this.#tensor(place, slot)
    }
    return this.#states as readonly ParameterState[]
  }

  write(name: string, slot: Slot, values: Float32Array): void {
    const place = this.#place(name)
    const { shape, size } = this.table[place]!
    if (values.length !== size) {
      throw new StudioError('bad-input', `${name} has ${values.length} values instead of ${size}.`, {
        hint: 'These weights belong to another model config.',
      })
    }
    const state = this.#states[place]!
    state[slot]?.dispose()
    state[slot] = tf.keep(this.#access.upload(values, [...shape]))
  }

  /** A copy of the values; zeros where none were written. */
  async read(name: string, slot: Slot): Promise<Float32Array> {
    const place = this.#place(name)
    const tensor = this.#states[place]![slot]
    if (tensor === undefined) return new Float32Array(this.table[place]!.size)
    return this.#access.read(tensor)
  }

  writeMoments(name: string, { m, v }: Moments): void {
    this.write(name, 'm', m)
    this.write(name, 'v', v)
  }

  clearMoments(): void {
    for (const state of this.#states) {
      state.m?.dispose()
      state.v?.dispose()
      delete state.m
      delete state.v
    }
  }

  /** Every later use throws: a store that came back as zeros would look like a model. */
  dispose(): void {
    this.#disposed = true
    this.clearMoments()
    for (const state of this.#states) {
      state.value?.dispose()
      delete state.value
    }
  }

  #tensor(place: number, slot: Slot): tf.Tensor {
    this.#assertAlive()
    const state = this.#states[place]!
    state[slot] ??= tf.keep(tf.zeros([...this.table[place]!.shape]))
    return state[slot]
  }

  #assertAlive(): void {
    if (this.#disposed) throw closedEngine()
  }

  #place(name: string): number {
    this.#assertAlive()
    const place = this.#places.get(name)
    if (place === undefined) {
      throw new StudioError('bad-input', `This model has no tensor named ${name}.`, {
        hint: 'Use the canonical names of the model config.',
      })
    }
    return place
  }
}
