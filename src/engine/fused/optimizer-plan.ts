import { Schedule, type Slice, wholeRegion } from '../../gpu/schedule.ts'
import { adamConstants } from '../model-ops.ts'
import { adam8bitConstants, adam8bitKernel, adam8bitThreads } from '../ops/adam-8bit/adam-8bit.ts'
import { sumChunk, sumVariant } from '../ops/sum/sum.ts'
import { philoxSite } from '../philox.ts'
import { adamFlatKernel, squaresKernel } from './kernels/kernels.ts'
import { figurePlace, type ModelRegions, spanSlice } from './model-regions.ts'
import type { ParameterBlock } from './parameter-layout.ts'
import { defaultPassOptions, type PassOptions } from './pass.ts'
import { finishPlan, type Plan } from './plan.ts'
import type { StepState } from './step-state.ts'

type Rows = PassOptions['kernels']['rows']

/** What Adam changes and reads, each of the same length in values; scales where the moments have 8 bits. */
interface AdamSlices {
  readonly gradient: Slice
  readonly value: Slice
  readonly m: Slice
  readonly v: Slice
  readonly scales?: Slice | undefined
}

/** Global gradient norm into the figures, then Adam over all parameters, gaps of the layout (zeros) included. */
export function planOptimizer(model: ModelRegions, { kernels }: PassOptions = defaultPassOptions): Plan {
  const schedule = new Schedule<StepState>()
  const slabs = model.layout.slabs.map((_, index) => ({
    gradient: wholeRegion(model.gradients[index]!),
    value: wholeRegion(model.values[index]!),
    m: wholeRegion(model.m[index]!),
    v: wholeRegion(model.v[index]!),
  }))
  const parts = slabs.map(({ gradient }) => normParts(kernels.rows, gradient))
  const partial = schedule.scratch('norm partial', 4 * sum(parts))
  for (const [index, { gradient }] of slabs.entries()) {
    addSquares(schedule, kernels.rows, gradient, partial, sum(parts.slice(0, index)))
  }
  addNorm(schedule, kernels.rows, model, partial)
  for (const [index, slices] of slabs.entries()) addAdam(schedule, slices, index)
  return finishPlan(schedule, {}, [])
}

/** Floats of `partial` that all blocks together need. */
export function normPartials(rows: Rows, { layout }: ModelRegions): number {
  return sum(layout.blocks.flatMap(({ spans }) => spans.map((span) => normParts(rows, span))))
}

/** Adds Adam over one block, and its part of the norm into `partial`, where each block has a place of its own. */
export function addBlockOptimizer(
  schedule: Schedule<StepState>,
  rows: Rows,
  model: ModelRegions,
  block: ParameterBlock,
  partial: Slice,
): void {
  const { blocks } = model.layout
  const before = blocks.slice(0, blocks.indexOf(block)).flatMap(({ spans }) => spans)
  let offset = sum(before.map((span) => normParts(rows, span)))
  for (const index of block.spans.keys()) {
    const slice = (slot: 'values' | 'gradients' | 'm' | 'v' | 'scales') =>
      spanSlice(model, slot, block, index)
    const gradient = slice('gradients')
    addSquares(schedule, rows, gradient, partial, offset)
    offset += normParts(rows, gradient)
    const scales = model.scales.length > 0 ? slice('scales') : undefined
    const slices = { gradient, value: slice('values'), m: slice('m'), v: slice('v'), scales }
    addAdam(schedule, slices, before.length + index)
  }
}

/** Adds the sum of `partial` into the figures. */
export function addNorm(
  schedule: Schedule<StepState>,
  rows: Rows,
  model: ModelRegions,
  partial: Slice,
): void {
  const size = partial.bytes / 4
  const { kernel, ...call } = sumVariant(rows, 1, false)
  schedule.add(kernel, {
    slices: { x: partial, y: wholeRegion(model.figures) },
    params: { size, chunk: size, offset: figurePlace.squares, scale: 1 },
    ...call,
    label: 'gradient norm',
  })
}

function normParts(rows: Rows, { bytes }: { readonly bytes: number }): number {
  return Math.ceil(bytes / 4 / sumChunk(rows, bytes / 4))
}

function addSquares(
  schedule: Schedule<StepState>,
  rows: Rows,
  gradient: Slice,
  partial: Slice,
  offset: number,
): void {
  const size = gradient.bytes / 4
  const label = 'gradient norm'
  if (rows === 'thread') {
    schedule.add(squaresKernel, {
      slices: { x: gradient, partial },
      params: { size: size / 4, chunk: sumChunk(rows, size) / 4, offset },
      threads: normParts(rows, gradient),
      label,
    })
    return
  }
  const { kernel, ...call } = sumVariant(rows, normParts(rows, gradient), true)
  schedule.add(kernel, {
    slices: { x: gradient, y: partial },
    params: { size, chunk: sumChunk(rows, size), offset, scale: 1 },
    ...call,
    label,
  })
}

/** `place` tells the parts of a model apart in the draws of 8-bit rounding. */
function addAdam(
  schedule: Schedule<StepState>,
  { gradient, value, m, v, scales }: AdamSlices,
  place: number,
): void {
  const { beta1, beta2, epsilon } = adamConstants
  const params = {
    beta1,
    one_minus_beta1: 1 - beta1,
    beta2,
    one_minus_beta2: 1 - beta2,
    epsilon,
    rate: (state: StepState) => state.learningRate / (1 - beta1 ** state.step),
    root_scale: (state: StepState) => 1 / Math.sqrt(1 - beta2 ** state.step),
  }
  const size = gradient.bytes / 4
  if (!scales) {
    schedule.add(adamFlatKernel, { slices: { gradient, value, m, v }, params, threads: size / 4 })
    return
  }
  schedule.add(adam8bitKernel, {
    slices: { gradient, value, m, v, scales },
    params: {
      ...params,
      size,
      slice: place,
      place: philoxSite.moments,
      seed: (state) => state.seed,
      step: (state) => state.step,
    },
    threads: adam8bitThreads(size),
    constants: adam8bitConstants,
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
