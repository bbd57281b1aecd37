import type { Slice } from '../../gpu/schedule.ts'
import { wholeRegion } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { addEmbeddingBackward, addLayerBackward, addNormBackward } from './backward-schedule.ts'
import { addEmbedding, addLayer, addNorm } from './forward-schedule.ts'
import { addLosses } from './loss-schedule.ts'
import type { ModelRegions } from './model-regions.ts'
import { addBlockOptimizer, addNorm as addGradientNorm, normPartials } from './optimizer-plan.ts'
import { createPass, type PassOptions, type PassShape } from './pass.ts'
import { finishPlan, noiseInput, orderInputs, type Plan, passInputs, STEPS_AHEAD } from './plan.ts'

/** Dispatches from .. to-1 of the plan's schedule. */
export interface Segment {
  readonly from: number
  readonly to: number
}

/** The parts of a step that run for one micro-batch and, the optimizer's, for one block. */
export interface LayeredSegments {
  /** Tokens -> xOut. */
  readonly embed: Segment
  /** xIn -> xOut, for each layer. */
  readonly forward: readonly Segment[]
  /** xIn -> losses, gradients of the head, and xOut: the gradient of xIn. */
  readonly head: Segment
  /** xIn, dyIn -> gradients of the layer, and xOut: the gradient of xIn. */
  readonly backward: readonly Segment[]
  /** dyIn -> gradient of the embedding. */
  readonly embedBackward: Segment
  /** Adam and a part of the norm for each block of the layout, then the norm; none where all gradients are kept. */
  readonly optimizer: readonly Segment[]
  readonly norm: Segment | undefined
}

/**
 * A plan that keeps only each layer's input: its parts run one layer and one micro-batch at a time, and inputs are
 * copied from and to slots of a store.
 */
export interface LayeredPlan extends Plan {
  readonly segments: LayeredSegments
  readonly xIn: Slice
  readonly dyIn: Slice
  readonly xOut: Slice
  readonly slots: SlotLayout
}

/** Where layer inputs are kept: slot s in buffer floor(s / perBuffer). */
export interface SlotLayout {
  readonly slotBytes: number
  readonly perBuffer: number
  readonly count: number
}

/**
 * One step of `microBatches` micro-batches by recomputation. With gradients of one block at a time (model.storage)
 * the optimizer is part of the plan and all micro-batches are kept; otherwise one micro-batch at a time.
 */
export function planLayered(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  microBatches: number,
  givenNoise: boolean,
  maxBufferSize: number,
  options?: PassOptions,
): LayeredPlan {
  const pass = createPass(config, model, shape, options)
  const { schedule, tokenCount } = pass
  const { dim, layers } = config
  const stream = (label: string) => schedule.kept(label, 4 * tokenCount * dim)
  const [xIn, dyIn, xOut] = [stream('layer input'), stream('gradient in'), stream('layer output')]
  const targets = schedule.kept('targets', 4 * tokenCount)
  const noise = givenNoise ? { noise: noiseInput(pass) } : {}
  const order = orderInputs(pass)
  const segment = (add: () => void): Segment => {
    const from = schedule.dispatches.length
    add()
    return { from, to: schedule.dispatches.length }
  }
  const every = Array.from({ length: layers }, (_, layer) => layer)

  const embed = segment(() => addEmbedding(pass, xOut))
  const forward = every.map((layer) => segment(() => addLayer(pass, layer, xIn, false, xOut)))
  const head = segment(() => {
    const norm = addNorm(pass, 'final_norm', xIn)
    const dhidden = addLosses(pass, norm.y, targets, noise.noise)
    addNormBackward(pass, 'final_norm', norm, dhidden, xOut)
  })
  const backward = every.map((layer) =>
    segment(() => addLayerBackward(pass, layer, addLayer(pass, layer, xIn, true), dyIn, xOut)),
  )
  const embedBackward = segment(() => addEmbeddingBackward(pass, order, dyIn))

  const inside = model.storage.gradients === 'block'
  const partial = inside ? schedule.kept('norm partials', 4 * normPartials(model)) : undefined
  const optimizer = partial
    ? model.layout.blocks.map((block) => segment(() => addBlockOptimizer(schedule, model, block, partial)))
    : []
  const norm = partial ? segment(() => addGradientNorm(schedule, model, partial)) : undefined

  const slots = slotLayout(xIn.bytes, (layers + 1) * (inside ? microBatches : 1), maxBufferSize)
  const inputs = { ...passInputs(pass), ...order, targets, ...noise }
  const plan = finishPlan(schedule, inputs, [wholeRegion(model.figures)], {
    stores: slotBuffers(slots),
    readings: STEPS_AHEAD,
  })
  return {
    ...plan,
    segments: { embed, forward, head, backward, embedBackward, optimizer, norm },
    xIn,
    dyIn,
    xOut,
    slots,
  }
}

function slotLayout(slotBytes: number, count: number, maxBufferSize: number): SlotLayout {
  const perBuffer = Math.floor(maxBufferSize / slotBytes)
  if (perBuffer === 0) {
    throw new StudioError(
      'out-of-memory',
      'One layer input of a micro-batch is larger than a buffer may be.',
      {
        hint: 'Use a smaller micro-batch or a shorter sequence.',
      },
    )
  }
  return { slotBytes, perBuffer, count }
}

function slotBuffers({ slotBytes, perBuffer, count }: SlotLayout): number[] {
  return Array.from(
    { length: Math.ceil(count / perBuffer) },
    (_, index) => Math.min(perBuffer, count - index * perBuffer) * slotBytes,
  )
}
