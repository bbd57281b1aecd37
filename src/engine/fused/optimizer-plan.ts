import { Schedule, type Slice, wholeRegion } from '../../gpu/schedule.ts'
import { adamConstants } from '../model-ops.ts'
import { sumKernel } from '../ops/sum/sum.ts'
import { adamFlatKernel } from './kernels/kernels.ts'
import { type ModelRegions, spanSlice } from './model-regions.ts'
import type { ParameterBlock } from './parameter-layout.ts'
import { finishPlan, type Plan } from './plan.ts'
import type { StepState } from './step-state.ts'

/** What Adam changes and reads, each of the same length in values. */
interface AdamSlices {
  readonly gradient: Slice
  readonly value: Slice
  readonly m: Slice
  readonly v: Slice
}

/** Global gradient norm into the figures, then Adam over all parameters, gaps of the layout (zeros) included. */
export function planOptimizer(model: ModelRegions): Plan {
  const schedule = new Schedule<StepState>()
  const slabs = model.layout.slabs.map((_, index) => ({
    gradient: wholeRegion(model.gradients[index]!),
    value: wholeRegion(model.values[index]!),
    m: wholeRegion(model.m[index]!),
    v: wholeRegion(model.v[index]!),
  }))
  const partial = schedule.scratch('norm partial', 4 * sum(slabs.map(({ gradient }) => normParts(gradient))))
  let offset = 0
  for (const { gradient } of slabs) {
    addSquares(schedule, gradient, partial, offset)
    offset += normParts(gradient)
  }
  addNorm(schedule, model, partial)
  for (const slices of slabs) addAdam(schedule, slices)
  return finishPlan(schedule, {}, [])
}

/** Floats of `partial` that all blocks together need. */
export function normPartials({ layout }: ModelRegions): number {
  return sum(layout.blocks.flatMap(({ spans }) => spans.map(normParts)))
}

/** Adds Adam over one block, and its part of the norm into `partial`, where each block has a place of its own. */
export function addBlockOptimizer(
  schedule: Schedule<StepState>,
  model: ModelRegions,
  block: ParameterBlock,
  partial: Slice,
): void {
  const before = model.layout.blocks.slice(0, model.layout.blocks.indexOf(block))
  let offset = sum(before.flatMap(({ spans }) => spans.map(normParts)))
  for (const index of block.spans.keys()) {
    const slice = (slot: 'values' | 'gradients' | 'm' | 'v') => spanSlice(model, slot, block, index)
    const gradient = slice('gradients')
    addSquares(schedule, gradient, partial, offset)
    offset += normParts(gradient)
    addAdam(schedule, { gradient, value: slice('values'), m: slice('m'), v: slice('v') })
  }
}

/** Adds the sum of `partial` into the figures. */
export function addNorm(schedule: Schedule<StepState>, model: ModelRegions, partial: Slice): void {
  const size = partial.bytes / 4
  schedule.add(sumKernel, {
    slices: { x: partial, y: wholeRegion(model.figures) },
    params: { size, chunk: size, offset: 2, scale: 1 },
    threads: 1,
    constants: { SQUARE: 0 },
    label: 'gradient norm',
  })
}

/** Values that one thread adds: about as many as there are threads then. */
function normChunk({ bytes }: { readonly bytes: number }): number {
  return Math.max(256, 64 * Math.ceil(Math.sqrt(bytes / 4) / 64))
}

function normParts(part: { readonly bytes: number }): number {
  return Math.ceil(part.bytes / 4 / normChunk(part))
}

function addSquares(schedule: Schedule<StepState>, gradient: Slice, partial: Slice, offset: number): void {
  schedule.add(sumKernel, {
    slices: { x: gradient, y: partial },
    params: { size: gradient.bytes / 4, chunk: normChunk(gradient), offset, scale: 1 },
    threads: normParts(gradient),
    constants: { SQUARE: 1 },
    label: 'gradient norm',
  })
}

function addAdam(schedule: Schedule<StepState>, { gradient, value, m, v }: AdamSlices): void {
  const { beta1, beta2, epsilon } = adamConstants
  schedule.add(adamFlatKernel, {
    slices: { gradient, value, m, v },
    params: {
      beta1,
      one_minus_beta1: 1 - beta1,
      beta2,
      one_minus_beta2: 1 - beta2,
      epsilon,
      rate: (state) => state.learningRate / (1 - beta1 ** state.step),
      root_scale: (state) => 1 / Math.sqrt(1 - beta2 ** state.step),
    },
    threads: gradient.bytes / 16,
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
