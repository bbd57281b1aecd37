import { uniformBytes } from '../../gpu/kernel-runner.ts'
import { type Placement, placeRegions } from '../../gpu/place-regions.ts'
import type { Schedule, Slice } from '../../gpu/schedule.ts'
import { SIGREG_SLICES } from '../../model/model-config.ts'
import type { Pass } from './pass.ts'
import type { StepState } from './step-state.ts'

/**
 * A schedule with every byte that it takes on the device beside weights, gradients and moments, known before
 * anything is allocated.
 */
export interface Plan {
  readonly schedule: Schedule<StepState>
  readonly placement: Placement
  /** What the CPU writes before a run. */
  readonly inputs: PlanInputs
  /** What is read back after a run, in this order. */
  readonly outputs: readonly Slice[]
  /** Bytes of buffers that are copied from and to, never bound. */
  readonly stores: readonly number[]
  readonly uniformBytes: number
  readonly stagingBytes: number
  /** Runs whose outputs may be on their way back at a time. */
  readonly readings: number
  /** Everything together. */
  readonly bytes: number
}

export type PlanInput =
  | 'tokens'
  | 'targets'
  | 'cosine'
  | 'sine'
  | 'noise'
  | 'cursor'
  | 'order'
  | 'starts'
  | 'teacher'
  | 'teacherLogits'
export type PlanInputs = Readonly<Partial<Record<PlanInput, Slice>>>

/** Steps whose losses may be on their way back at a time. */
export const STEPS_AHEAD = 2

export function noiseInput(pass: Pass): Slice {
  return pass.schedule.kept('noise', 4 * pass.config.dim * SIGREG_SLICES)
}

/** Inputs of the losses: targets, noise where it is given, and what a teacher says where the pass distils. */
export function lossInputs(pass: Pass, givenNoise: boolean) {
  const { schedule, config, tokenCount, shape } = pass
  const targets = schedule.kept('targets', 4 * tokenCount)
  const noise = givenNoise ? noiseInput(pass) : undefined
  const teacher = shape.distillation ? schedule.kept('teacher embedding', 4 * config.dim) : undefined
  const teacherLogits =
    shape.distillation === 'predictions'
      ? schedule.kept('teacher logits', 4 * tokenCount * config.vocab)
      : undefined
  const inputs: PlanInputs = {
    targets,
    ...(noise ? { noise } : {}),
    ...(teacher ? { teacher } : {}),
    ...(teacherLogits ? { teacherLogits } : {}),
  }
  return { inputs, targets, noise, teacher: teacher && { embedding: teacher, logits: teacherLogits } }
}

export function orderInputs(pass: Pass): { order: Slice; starts: Slice } {
  return {
    order: pass.schedule.kept('token order', 4 * pass.tokenCount),
    starts: pass.schedule.kept('token starts', 4 * (pass.config.vocab + 1)),
  }
}

export function passInputs({ tokens, cosine, sine }: Pass): PlanInputs {
  return { tokens, cosine, sine }
}

export function finishPlan(
  schedule: Schedule<StepState>,
  inputs: PlanInputs,
  outputs: readonly Slice[],
  {
    stores = [],
    readings = outputs.length > 0 ? 1 : 0,
  }: { stores?: readonly number[]; readings?: number } = {},
): Plan {
  const placement = placeRegions(schedule.dispatches)
  const uniforms = uniformBytes(schedule)
  const staging = outputs.reduce((sum, { bytes }) => sum + bytes, 0)
  const bytes = [...placement.sizes, ...stores].reduce(
    (sum, size) => sum + size,
    uniforms + readings * staging,
  )
  return {
    schedule,
    placement,
    inputs,
    outputs,
    stores,
    uniformBytes: uniforms,
    stagingBytes: staging,
    readings,
    bytes,
  }
}
