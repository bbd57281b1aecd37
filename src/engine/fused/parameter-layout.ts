import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { type Parameter, parameterTable } from '../../model/parameter-table.ts'

/** Where a tensor or group lies: the same place in the buffers of weights, gradients and both moments. */
export interface ParameterPlace {
  readonly slab: number
  /** Bytes from the start of the slab. */
  readonly offset: number
  readonly bytes: number
}

export interface ParameterLayout {
  readonly table: readonly Parameter[]
  /** Bytes of each slab. */
  readonly slabs: readonly number[]
  /** Places of the canonical tensors, and of query, key and value together as `...attention.qkv.weight` and `.bias`. */
  readonly places: ReadonlyMap<string, ParameterPlace>
}

/** Offsets that a binding may have on every device. */
const ALIGNMENT = 256

/**
 * All parameters of a model in as few buffers as the binding limit allows. The weights of query, key and value lie
 * one after another, and so do their biases, so that one product computes all three. Gaps stay zero.
 */
export function parameterLayout(config: ModelConfig, slabLimit: number): ParameterLayout {
  const table = parameterTable(config)
  const slabs: number[] = []
  const places = new Map<string, ParameterPlace>()
  for (const [group, members] of groups(table)) {
    const bytes = 4 * members.reduce((sum, { size }) => sum + size, 0)
    if (bytes > slabLimit) {
      throw new StudioError('unsupported', `${group} does not fit into one buffer of this device.`, {
        hint: 'Use a smaller model config or a device with larger storage buffers.',
      })
    }
    const start = Math.ceil((slabs.at(-1) ?? 0) / ALIGNMENT) * ALIGNMENT
    const fits = slabs.length > 0 && start + bytes <= slabLimit
    const slab = fits ? slabs.length - 1 : slabs.length
    let offset = fits ? start : 0
    places.set(group, { slab, offset, bytes })
    for (const { name, size } of members) {
      places.set(name, { slab, offset, bytes: 4 * size })
      offset += 4 * size
    }
    slabs[slab] = offset
  }
  return { table, slabs, places }
}

function groups(table: readonly Parameter[]): Map<string, Parameter[]> {
  const result = new Map<string, Parameter[]>()
  for (const parameter of table) {
    const group = parameter.name.replace(/\.(query|key|value)\./, '.qkv.')
    result.set(group, [...(result.get(group) ?? []), parameter])
  }
  const order = ['query', 'key', 'value']
  const rank = ({ name }: Parameter) => order.findIndex((part) => name.includes(`.${part}.`))
  for (const members of result.values()) members.sort((a, b) => rank(a) - rank(b))
  return result
}
