import type { ModelConfig } from '../../model/model-config.ts'
import { hostMomentsBytes } from './host-moments.ts'
import { type LayeredOptions, type LayeredPlan, planLayered } from './layered-plan.ts'
import { type MemoryPlan, type MemoryPlanName, memoryPlans } from './memory-plan.ts'
import { EIGHT_BIT_ALIGNMENT, type ModelRegions, modelBytes, modelRegions } from './model-regions.ts'
import { planOptimizer } from './optimizer-plan.ts'
import { type ParameterLayout, parameterLayout } from './parameter-layout.ts'
import { defaultPassOptions, type PassShape } from './pass.ts'
import type { Plan } from './plan.ts'
import { planTraining } from './training-plan.ts'

/** What a step's memory depends on. */
export interface StepShape extends PassShape {
  readonly microBatches: number
  readonly givenNoise: boolean
}

/** The limits of a device that plans keep to, in bytes. */
export interface BufferLimits {
  readonly maxBufferSize: number
  readonly maxStorageBufferBindingSize: number
}

/** The plans of one step, not yet on a device. */
export interface StepPlans {
  /** `store` runs it once for each micro-batch. */
  readonly training: Plan | LayeredPlan
  /** After the last micro-batch; inside `training` where gradients are kept for one block at a time. */
  readonly optimizer: Plan | undefined
}

/** Bytes on the device, exactly, and in the memory of the computer. */
export interface TrainingBytes {
  readonly plan: MemoryPlanName
  readonly weights: number
  readonly gradients: number
  readonly moments: number
  /** Activations, layer inputs, uniforms and readback. */
  readonly work: number
  readonly device: number
  readonly host: number
}

export function stepPlans(
  config: ModelConfig,
  model: ModelRegions,
  plan: MemoryPlan,
  shape: StepShape,
  limits: BufferLimits,
  options?: LayeredOptions,
): StepPlans {
  const { microBatches, givenNoise } = shape
  const passOptions = { ...defaultPassOptions, ...options }
  const training =
    plan.activations === 'store'
      ? planTraining(config, model, shape, givenNoise, passOptions)
      : planLayered(config, model, shape, microBatches, givenNoise, limits.maxBufferSize, options)
  return {
    training,
    optimizer: plan.storage.gradients === 'all' ? planOptimizer(model, passOptions) : undefined,
  }
}

/** Exact bytes of a training step under one plan, without allocating anything; kernels differ in their scratch. */
export function trainingBytes(
  config: ModelConfig,
  plan: MemoryPlan,
  shape: StepShape,
  limits: BufferLimits,
  options?: LayeredOptions,
): TrainingBytes {
  const layout = planLayout(config, plan, limits)
  const model = modelRegions(layout, plan.storage)
  const { training, optimizer } = stepPlans(config, model, plan, shape, limits, options)
  const { resting } = modelBytes(model)
  const gradients = model.gradients.reduce((sum, { bytes }) => sum + bytes, 0)
  const inHost = plan.storage.moments === 'block'
  const moments =
    [...model.m, ...model.v, ...model.scales].reduce((sum, { bytes }) => sum + bytes, 0) +
    (inHost ? hostMomentsBytes(layout) : 0)
  const work = training.bytes + (optimizer?.bytes ?? 0)
  return {
    plan: plan.name,
    weights: resting,
    gradients,
    moments,
    work,
    device: resting + gradients + moments + work,
    host: inHost ? 2 * spanBytes(layout) : 0,
  }
}

function spanBytes({ blocks }: ParameterLayout): number {
  return blocks.flatMap(({ spans }) => spans).reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Every plan with its bytes, from the fastest to the smallest. */
export function allTrainingBytes(
  config: ModelConfig,
  shape: StepShape,
  limits: BufferLimits,
  options?: LayeredOptions,
): readonly TrainingBytes[] {
  return memoryPlans.map((plan) => trainingBytes(config, plan, shape, limits, options))
}

/** The layout of a model's parameters for a plan; plans with f32 moments share one. */
export function planLayout(
  config: ModelConfig,
  { storage }: MemoryPlan,
  limits: BufferLimits,
): ParameterLayout {
  const alignment = storage.momentBits === 8 ? EIGHT_BIT_ALIGNMENT : undefined
  return parameterLayout(config, slabLimit(limits), alignment)
}

/** Bytes of the largest buffer that may be bound whole. */
export function slabLimit({ maxBufferSize, maxStorageBufferBindingSize }: BufferLimits): number {
  return Math.min(maxBufferSize, maxStorageBufferBindingSize)
}
