import type { Region, Slice } from '../../gpu/schedule.ts'
import type { ParameterBlock, ParameterLayout } from './parameter-layout.ts'

/** Losses and the squared gradient norm of a step: cross-entropy, SIGReg, sum of squares, unused. */
export const FIGURES_BYTES = 16

/** What of a model is on the device at a time. */
export interface ModelStorage {
  /** Weights of all parameters if absent, or of one block: then nothing can be trained. */
  readonly values?: 'all' | 'block'
  /** Gradients of all parameters, or of one block. */
  readonly gradients: 'all' | 'block'
  /** Adam's moments of all parameters, or of one block with the rest in the memory of the host. */
  readonly moments: 'all' | 'block'
}

export const wholeModel: ModelStorage = { gradients: 'all', moments: 'all' }

export type ParameterSlot = 'values' | 'gradients' | 'm' | 'v'

/** The memory that all schedules of an engine share: a region for each slab, or for each span of the largest block. */
export type ModelRegions = Readonly<Record<ParameterSlot, readonly Region[]>> & {
  readonly layout: ParameterLayout
  readonly storage: ModelStorage
  readonly figures: Region
}

export function modelRegions(layout: ParameterLayout, storage: ModelStorage = wholeModel): ModelRegions {
  const regions = (label: string, kept: 'all' | 'block'): Region[] =>
    (kept === 'all' ? layout.slabs : largestSpans(layout)).map((bytes, index) => ({
      label: `${label} ${index}`,
      bytes,
      life: 'external',
    }))
  return {
    layout,
    storage,
    values: regions('weights', storage.values ?? 'all'),
    gradients: regions('gradients', storage.gradients),
    m: regions('m', storage.moments),
    v: regions('v', storage.moments),
    figures: { label: 'figures', bytes: FIGURES_BYTES, life: 'external' },
  }
}

/** The part of a slot that holds a tensor or group of this name. */
export function parameterSlice(model: ModelRegions, slot: ParameterSlot, name: string): Slice {
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
  const { slab, offset, bytes } = block.spans[index]!
  return keptWhole(model, slot)
    ? { region: model[slot][slab]!, offset, bytes }
    : { region: model[slot][index]!, offset: 0, bytes }
}

/** Bytes of weights and figures, and of gradients and both moments, which are there from the first step on. */
export function modelBytes(model: ModelRegions): { resting: number; training: number } {
  const bytes = (slot: ParameterSlot) => model[slot].reduce((sum, region) => sum + region.bytes, 0)
  return { resting: bytes('values') + FIGURES_BYTES, training: bytes('gradients') + bytes('m') + bytes('v') }
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
