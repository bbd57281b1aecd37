import { FIGURES_BYTES, modelRegions } from '../engine/fused/model-regions.ts'
import { parameterLayout } from '../engine/fused/parameter-layout.ts'
import { planOptimizer, planTraining } from '../engine/fused/plan.ts'
import type { ModelConfig } from '../model/model-config.ts'

/** What a training step takes from the device. Sizes in bytes. */
export interface PlanDescription {
  readonly weights: number
  readonly gradients: number
  readonly moments: number
  /** Activations, inputs, uniforms and readback of one micro-batch. */
  readonly working: number
  /** Buffers that the activations share, and the largest of them. */
  readonly buffers: number
  readonly largestBuffer: number
  /** Of a step with one micro-batch. */
  readonly dispatches: number
}

/** One micro-batch of `rows` windows. */
export interface PlannedShape {
  readonly rows: number
  readonly sequence: number
  readonly dropout: boolean
}

/**
 * What the fused engine will allocate and dispatch for a step, from its own plans; nothing is allocated. `bindingLimit`
 * is the largest buffer that a binding may show, in bytes. Throws 'unsupported' where a tensor is larger.
 */
export function describePlan(
  config: ModelConfig,
  shape: PlannedShape,
  bindingLimit: number,
): PlanDescription {
  const model = modelRegions(parameterLayout(config, bindingLimit))
  const training = planTraining(config, model, { ...shape, positions: false }, false)
  const optimizer = planOptimizer(model)
  const weights = model.layout.slabs.reduce((sum, bytes) => sum + bytes, 0)
  return {
    weights,
    gradients: weights,
    moments: 2 * weights,
    working: training.bytes + optimizer.bytes + FIGURES_BYTES,
    buffers: training.placement.sizes.length,
    largestBuffer: Math.max(...training.placement.sizes),
    dispatches: training.schedule.dispatches.length + optimizer.schedule.dispatches.length,
  }
}
