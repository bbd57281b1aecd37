import { Schedule, type Slice } from '../../gpu/schedule.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { dropThreshold, type PhiloxSite } from '../philox.ts'
import type { DropoutParams } from './gemm/gemm.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'
import { type ModelRegions, parameterSlice } from './model-regions.ts'
import type { StepState } from './step-state.ts'

/** What a schedule depends on, besides the model. */
export interface PassShape {
  readonly rows: number
  readonly sequence: number
  readonly dropout: boolean
  /** Every row has rotary tables of its own, instead of positions 0..sequence-1. */
  readonly positions: boolean
  /** What is pulled toward a teacher's; nothing if absent. */
  readonly distillation?: 'embedding' | 'predictions' | undefined
}

/** What else a schedule depends on, and results do not beyond rounding. */
export interface PassOptions {
  readonly kernels: KernelSet
}

export const defaultPassOptions: PassOptions = { kernels: defaultKernelSet }

/** One pass under construction: the schedule and what its parts share. */
export interface Pass {
  readonly schedule: Schedule<StepState>
  readonly config: ModelConfig
  readonly model: ModelRegions
  readonly shape: PassShape
  readonly kernels: KernelSet
  /** rows * sequence. */
  readonly tokenCount: number
  readonly headDim: number
  readonly tokens: Slice
  readonly cosine: Slice
  readonly sine: Slice
}

export function createPass(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  { kernels }: PassOptions = defaultPassOptions,
): Pass {
  const schedule = new Schedule<StepState>()
  const { rows, sequence, positions } = shape
  const headDim = config.dim / config.heads
  const tableBytes = 2 * headDim * sequence * (positions ? rows : 1)
  return {
    schedule,
    config,
    model,
    shape,
    kernels,
    tokenCount: rows * sequence,
    headDim,
    tokens: schedule.kept('tokens', 4 * rows * sequence),
    cosine: schedule.kept('cosine', tableBytes),
    sine: schedule.kept('sine', tableBytes),
  }
}

/** Scratch of f32 [rows * sequence, width]. */
export function activations(pass: Pass, label: string, width: number): Slice {
  return pass.schedule.scratch(label, 4 * pass.tokenCount * width)
}

export function weight(pass: Pass, name: string): Slice {
  return parameterSlice(pass.model, 'values', name)
}

export function gradient(pass: Pass, name: string): Slice {
  return parameterSlice(pass.model, 'gradients', name)
}

/** Uniforms of a dropout site on values [rows * sequence, width]; undefined in a pass without dropout. */
export function dropoutAt(
  { shape }: Pass,
  layer: number,
  site: PhiloxSite,
  width: number,
): DropoutParams | undefined {
  if (!shape.dropout) return undefined
  return {
    row_blocks: (shape.sequence * width) / 4,
    seed: (state) => state.seed,
    step: (state) => state.step,
    micro_batch: (state) => state.microBatch,
    place: (layer << 8) | site,
    threshold: (state) => dropThreshold(state.dropout),
    keep_scale: (state) => 1 / (1 - state.dropout),
  }
}
