import type { Region, Slice } from '../../gpu/schedule.ts'
import type { ParameterLayout } from './parameter-layout.ts'

/** Losses and the squared gradient norm of a step: cross-entropy, SIGReg, sum of squares, unused. */
export const FIGURES_BYTES = 16

/** The memory that all schedules of an engine share, one region for each slab of the layout. */
export interface ModelRegions {
  readonly layout: ParameterLayout
  readonly values: readonly Region[]
  readonly gradients: readonly Region[]
  readonly m: readonly Region[]
  readonly v: readonly Region[]
  readonly figures: Region
}

export function modelRegions(layout: ParameterLayout): ModelRegions {
  const slabs = (label: string): Region[] =>
    layout.slabs.map((bytes, index) => ({ label: `${label} ${index}`, bytes, life: 'external' }))
  return {
    layout,
    values: slabs('weights'),
    gradients: slabs('gradients'),
    m: slabs('m'),
    v: slabs('v'),
    figures: { label: 'figures', bytes: FIGURES_BYTES, life: 'external' },
  }
}

/** The part of `slabs` that holds a tensor or group of this name. */
export function parameterSlice(model: ModelRegions, slabs: readonly Region[], name: string): Slice {
  const { slab, offset, bytes } = model.layout.places.get(name)!
  return { region: slabs[slab]!, offset, bytes }
}
