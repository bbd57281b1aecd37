import { type ModelConfig, SIGREG_COEFFICIENT } from '../../model/model-config.ts'
import { countTargets } from '../batch-input.ts'
import type { StepRequest, TokenBatch } from '../engine.ts'
import { ropeAngles } from '../rope-angles.ts'
import type { BoundPlan } from './bound-plan.ts'
import type { StepState } from './step-state.ts'
import { tokenOrder } from './token-order.ts'

/** Tokens, targets and rotary tables of a batch, whatever of them the plan takes. */
export function uploadBatch(plan: BoundPlan, batch: TokenBatch, config: ModelConfig): void {
  const { inputs } = plan.plan
  plan.write('tokens', batch.tokens)
  if (inputs.targets) plan.write('targets', batch.targets)
  if (inputs.order) uploadOrder(plan, batch, config)
  uploadTables(plan, batch, config)
}

/** What the embedding's gradient reads. */
export function uploadOrder(plan: BoundPlan, { tokens }: TokenBatch, { vocab }: ModelConfig): void {
  const { order, starts } = tokenOrder(tokens, vocab)
  plan.write('order', order)
  plan.write('starts', starts)
}

/** Rotary tables of the batch's positions, or once those of 0..sequence-1. */
export function uploadTables(plan: BoundPlan, batch: TokenBatch, { dim, heads }: ModelConfig): void {
  if (!batch.positions && plan.hasLocalTables) return
  const positions = batch.positions ?? Int32Array.from({ length: batch.sequence }, (_, index) => index)
  const { cos, sin } = ropeAngles(positions, dim / heads)
  plan.write('cosine', cos)
  plan.write('sine', sin)
  plan.hasLocalTables = !batch.positions
}

/** What the losses read beside targets: explicit noise, and what the teacher says of this micro-batch. */
export function uploadLossInputs(plan: BoundPlan, { noise, distillation }: StepRequest, index: number): void {
  if (noise) plan.write('noise', noise[index]!)
  if (!distillation) return
  const { teacherEmbeddings, logits } = distillation
  plan.write('teacher', teacherEmbeddings[index]!)
  if (!logits) return
  const { temperature, teacherProbabilities } = logits
  // Any logits whose softened softmax these probabilities are; one that is zero stays far below the others.
  const asLogit = (probability: number) => temperature * Math.log(Math.max(probability, 1e-30))
  plan.write('teacherLogits', teacherProbabilities[index]!.map(asLogit))
}

/** The state of one micro-batch of a step. */
export function stepState(request: StepRequest, step: number, microBatch: number): StepState {
  const { microBatches, learningRate, dropout, seed, distillation } = request
  const count = microBatches.length
  const targets = countTargets(microBatches[microBatch]!.targets)
  const alpha = distillation?.alpha ?? 1
  const { weight, temperature } = distillation?.logits ?? { weight: 0, temperature: 1 }
  return {
    seed,
    step,
    microBatch,
    dropout,
    crossEntropyScale: 1 / (Math.max(1, targets) * count),
    sigregScale: SIGREG_COEFFICIENT / count,
    taskWeight: alpha,
    pullScale: (1 - alpha) / count,
    microBatchShare: 1 / count,
    divergenceWeight: (1 - alpha) * weight * temperature ** 2,
    inverseTemperature: 1 / temperature,
    learningRate,
    accumulate: microBatch > 0,
  }
}

/** What a step distils, as a pass is made for it. */
export function distilled({ distillation }: StepRequest): 'embedding' | 'predictions' | undefined {
  if (!distillation) return undefined
  return distillation.logits ? 'predictions' : 'embedding'
}
