import type { Region, Slice } from '../../gpu/schedule.ts'
import { ADAM_8BIT_BLOCK } from '../ops/adam-8bit/adam-8bit.ts'
import type { ParameterBlock, ParameterLayout } from './parameter-layout.ts'

/** Figures of a step, by their place. */
export const figurePlace = {
  crossEntropy: 0,
  sigreg: 1,
  squares: 2,
  embeddingError: 3,
  divergence: 4,
} as const
export const FIGURES = 8
export const FIGURES_BYTES = 4 * FIGURES

/** What of a model is on the device at a time. */
export interface ModelStorage {
  /** Weights of all parameters if absent, or of one block: then nothing can be trained. */
  readonly values?: 'all' | 'block'
  /** Gradients of all parameters, or of one block. */
  readonly gradients: 'all' | 'block'
  /** Adam's moments of all parameters, or of one block with the rest in the memory of the host. */
  readonly moments: 'all' | 'block'
  /** Bits of a moment; 32 if absent. 8 goes with moments of all parameters and gradients of one block. */
  readonly momentBits?: 8 | 32
}

export const wholeModel: ModelStorage = { gradients: 'all', moments: 'all' }

/** `scales` are those of 8-bit moments. */
export type ParameterSlot = 'values' | 'gradients' | 'm' | 'v' | 'scales'

/** The memory that all schedules of an engine share: a region for each slab, or for each span of the largest block. */
export type ModelRegions = Readonly<Record<ParameterSlot, readonly Region[]>> & {
  readonly layout: ParameterLayout
  readonly storage: ModelStorage
  readonly figures: Region
}

/** Values of a block of the layout start at multiples of this, in bytes, so that the parts of 8-bit moments can be bound. */
export const EIGHT_BIT_ALIGNMENT = 256 * ((4 * ADAM_8BIT_BLOCK) / 8)

export function modelRegions(layout: ParameterLayout, storage: ModelStorage = wholeModel): ModelRegions {
  const regions = (slot: ParameterSlot, kept: 'all' | 'block'): Region[] =>
    (kept === 'all' ? layout.slabs : largestSpans(layout)).map((bytes, index) => ({
      label: `${slot} ${index}`,
      bytes: slotBytes(storage, slot, bytes),
      life: 'external',
    }))
  return {
    layout,
    storage,
    values: regions('values', storage.values ?? 'all'),
    gradients: regions('gradients', storage.gradients),
    m: regions('m', storage.moments),
    v: regions('v', storage.moments),
    scales: storage.momentBits === 8 ? regions('scales', storage.moments) : [],
    figures: { label: 'figures', bytes: FIGURES_BYTES, life: 'external' },
  }
}

/** The part of a slot of f32 that holds a tensor or group of this name. */
export function parameterSlice(model: ModelRegions, slot: 'values' | 'gradients', name: string): Slice {
  const { slab, offset, bytes, span, spanOffset } = model.layout.places.get(name)!
  return keptWhole(model, slot)
    ? { region: model[slot][slab]!, offset, bytes }
    : { region: model[slot][span]!, offset: spanOffset, bytes }
}

/** The part of a slot that holds span `index` of a block. */
export function spanSlice(
  model: ModelRegions,
  slot: ParameterSlot,
  block: ParameterBlock,
  index: number,
): Slice {
  const { slab, offset, bytes: valueBytes } = block.spans[index]!
  const bytes = slotBytes(model.storage, slot, valueBytes)
  return keptWhole(model, slot)
    ? { region: model[slot][slab]!, offset: slotBytes(model.storage, slot, offset), bytes }
    : { region: model[slot][index]!, offset: 0, bytes }
}

/** Bytes of weights and figures, and of gradients and both moments, which are there from the first step on. */
export function modelBytes(model: ModelRegions): { resting: number; training: number } {
  const bytes = (...slots: ParameterSlot[]) =>
    slots.flatMap((slot) => model[slot]).reduce((sum, region) => sum + region.bytes, 0)
  return { resting: bytes('values') + FIGURES_BYTES, training: bytes('gradients', 'm', 'v', 'scales') }
}

/** Bytes in a slot of what takes `bytes` as f32. */
function slotBytes({ momentBits }: ModelStorage, slot: ParameterSlot, bytes: number): number {
  if (slot === 'scales') return 8 * Math.ceil(bytes / 4 / ADAM_8BIT_BLOCK)
  return momentBits === 8 && (slot === 'm' || slot === 'v') ? 4 * Math.ceil(bytes / 16) : bytes
}

function keptWhole({ storage }: ModelRegions, slot: ParameterSlot): boolean {
  if (slot === 'values') return storage.values !== 'block'
  return (slot === 'gradients' ? storage.gradients : storage.moments) === 'all'
}

/** Bytes that the first, second ... span of any block needs. */
function largestSpans({ blocks }: ParameterLayout): number[] {
  const count = Math.max(...blocks.map(({ spans }) => spans.length))
  return Array.from({ length: count }, (_, index) =>
    Math.max(...blocks.map(({ spans }) => spans[index]?.bytes ?? 0)),
  )
}
