import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { type Parameter, parameterTable } from '../../model/parameter-table.ts'

/** What the optimizer takes in one go: the embedding, one layer, or final norm and predictor. */
export type BlockName = 'embedding' | 'head' | `layer ${number}`

/** A part of a block that lies in one slab without a gap. */
export interface ParameterSpan {
  readonly slab: number
  /** Bytes from the start of the slab. */
  readonly offset: number
  readonly bytes: number
}

export interface ParameterBlock {
  readonly name: BlockName
  readonly spans: readonly ParameterSpan[]
}

/** Where a tensor or group lies: the same place in the buffers of weights, gradients and both moments. */
export interface ParameterPlace {
  readonly slab: number
  /** Bytes from the start of the slab. */
  readonly offset: number
  readonly bytes: number
  readonly block: BlockName
  /** Index of the block's span that holds it, and bytes from the start of that span. */
  readonly span: number
  readonly spanOffset: number
}

export interface ParameterLayout {
  readonly table: readonly Parameter[]
  /** Bytes of each slab. */
  readonly slabs: readonly number[]
  /** In the order of the forward pass. */
  readonly blocks: readonly ParameterBlock[]
  /** Places of the canonical tensors, and of query, key and value together as `...attention.qkv.weight` and `.bias`. */
  readonly places: ReadonlyMap<string, ParameterPlace>
}

/** Offsets that a binding may have on every device. */
const ALIGNMENT = 256

/**
 * All parameters of a model in as few buffers as the binding limit allows, each block in one of them if it fits. The
 * weights of query, key and value lie one after another, and so do their biases, so that one product computes all three.
 * Gaps stay zero. Blocks start at multiples of `blockAlignment` bytes.
 */
export function parameterLayout(
  config: ModelConfig,
  slabLimit: number,
  blockAlignment = ALIGNMENT,
): ParameterLayout {
  const table = parameterTable(config)
  const slabs: number[] = []
  const places = new Map<string, ParameterPlace>()
  const blocks: ParameterBlock[] = []
  for (const [block, members] of parameterBlocks(table)) {
    const spans: ParameterSpan[] = []
    const whole = [...members.values()].reduce((sum, group) => sum + aligned(groupBytes(group), ALIGNMENT), 0)
    const start = aligned(slabs.at(-1) ?? 0, blockAlignment)
    if (slabs.length === 0 || (start + whole > slabLimit && whole <= slabLimit)) slabs.push(0)
    else slabs[slabs.length - 1] = start
    for (const [group, tensors] of members) {
      const bytes = groupBytes(tensors)
      if (bytes > slabLimit) {
        throw new StudioError('unsupported', `${group} does not fit into one buffer of this device.`, {
          hint: 'Use a smaller model config or a device with larger storage buffers.',
        })
      }
      let offset = aligned(slabs.at(-1)!, ALIGNMENT)
      if (offset + bytes > slabLimit) {
        offset = 0
        slabs.push(0)
      }
      const slab = slabs.length - 1
      slabs[slab] = offset + bytes
      const open = spans.at(-1)
      const span =
        open?.slab === slab ? { ...open, bytes: offset + bytes - open.offset } : { slab, offset, bytes }
      spans.splice(open?.slab === slab ? spans.length - 1 : spans.length, 1, span)
      const place = (from: number, length: number): ParameterPlace => ({
        slab,
        offset: from,
        bytes: length,
        block,
        span: spans.length - 1,
        spanOffset: from - span.offset,
      })
      places.set(group, place(offset, bytes))
      for (const { name, size } of tensors) {
        places.set(name, place(offset, 4 * size))
        offset += 4 * size
      }
    }
    blocks.push({ name: block, spans })
  }
  return { table, slabs, places, blocks }
}

function aligned(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

function groupBytes(tensors: readonly Parameter[]): number {
  return 4 * tensors.reduce((sum, { size }) => sum + size, 0)
}

function parameterBlocks(table: readonly Parameter[]): [BlockName, Map<string, Parameter[]>][] {
  const rank = (block: BlockName) =>
    block === 'embedding' ? -1 : block === 'head' ? Number.POSITIVE_INFINITY : Number(block.slice(6))
  const tensors = new Map<BlockName, Parameter[]>()
  for (const parameter of table) {
    const block = blockOf(parameter.name)
    tensors.set(block, [...(tensors.get(block) ?? []), parameter])
  }
  return [...tensors]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([block, members]) => [block, groups(members)])
}

function blockOf(name: string): BlockName {
  const layer = /^encoder\.layers\.(\d+)\./.exec(name)
  if (layer) return `layer ${Number(layer[1])}`
  return name.startsWith('embedding.') ? 'embedding' : 'head'
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
