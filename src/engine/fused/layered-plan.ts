import type { Slice } from '../../gpu/schedule.ts'
import { wholeRegion } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { packHalfKernel, unpackHalfKernel } from '../ops/half/half.ts'
import { addEmbeddingBackward, addLayerBackward, addNormBackward } from './backward-schedule.ts'
import { addEmbedding, addLayer, addNorm } from './forward-schedule.ts'
import { addLosses } from './loss-schedule.ts'
import type { ModelRegions } from './model-regions.ts'
import { addBlockOptimizer, addNorm as addGradientNorm, normPartials } from './optimizer-plan.ts'
import {
  activations,
  createPass,
  defaultPassOptions,
  type Pass,
  type PassOptions,
  type PassShape,
} from './pass.ts'
import { finishPlan, lossInputs, orderInputs, type Plan, passInputs, STEPS_AHEAD } from './plan.ts'

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
  /** Where a part finds its input, as it is stored. */
  readonly xIn: Slice
  readonly dyIn: Slice
  readonly xOut: Slice
  /** What the next layer's input is stored from: xOut, or its 16-bit copy. */
  readonly saved: Slice
  readonly slots: SlotLayout
  /** Where the gradients of layer inputs are kept; in the slot of the last layer's output if absent. */
  readonly gradientSlots: SlotLayout | undefined
}

/** Slot s is in store `firstStore` + floor(s / perStore). */
export interface SlotLayout {
  readonly slotBytes: number
  readonly perStore: number
  readonly count: number
  readonly firstStore: number
}

export interface LayeredOptions extends Partial<PassOptions> {
  /** Bits of a value of a stored layer input, 32 if absent; with 16, layers compute from the rounded values. */
  readonly layerInputBits?: 16 | 32 | undefined
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
  { layerInputBits = 32, ...options }: LayeredOptions = {},
): LayeredPlan {
  const pass = createPass(config, model, shape, { ...defaultPassOptions, ...options })
  const { schedule, tokenCount } = pass
  const { dim, layers } = config
  const half = layerInputBits === 16
  const stream = (label: string, bits = 32) => schedule.kept(label, (bits / 8) * tokenCount * dim)
  const [dyIn, xOut] = [stream('gradient in'), stream('layer output')]
  const [xIn, saved] = [stream('layer input', layerInputBits), half ? stream('stored output', 16) : xOut]
  const losses = lossInputs(pass, givenNoise)
  const order = orderInputs(pass)
  const segment = (add: () => void): Segment => {
    const from = schedule.dispatches.length
    add()
    return { from, to: schedule.dispatches.length }
  }
  const input = () => (half ? addUnpacked(pass, xIn) : xIn)
  const store = () => {
    if (half) addPacked(pass, xOut, saved)
  }
  const every = Array.from({ length: layers }, (_, layer) => layer)

  const embed = segment(() => {
    addEmbedding(pass, xOut)
    store()
  })
  const forward = every.map((layer) =>
    segment(() => {
      addLayer(pass, layer, input(), false, xOut)
      store()
    }),
  )
  const head = segment(() => {
    const norm = addNorm(pass, 'final_norm', input())
    const dhidden = addLosses(pass, norm.y, losses)
    addNormBackward(pass, 'final_norm', norm, dhidden, xOut)
  })
  const backward = every.map((layer) =>
    segment(() => addLayerBackward(pass, layer, addLayer(pass, layer, input(), true), dyIn, xOut)),
  )
  const embedBackward = segment(() => addEmbeddingBackward(pass, order, dyIn))

  const inside = model.storage.gradients === 'block'
  const { rows } = pass.kernels
  const partial = inside ? schedule.kept('norm partials', 4 * normPartials(rows, model)) : undefined
  const optimizer = partial
    ? model.layout.blocks.map((block) =>
        segment(() => addBlockOptimizer(schedule, rows, model, block, partial)),
      )
    : []
  const norm = partial ? segment(() => addGradientNorm(schedule, rows, model, partial)) : undefined

  const kept = inside ? microBatches : 1
  const slots = slotLayout(xIn.bytes, (layers + 1) * kept, maxBufferSize, 0)
  const stores = slotStores(slots)
  const gradientSlots = half ? slotLayout(dyIn.bytes, kept, maxBufferSize, stores.length) : undefined
  if (gradientSlots) stores.push(...slotStores(gradientSlots))
  const inputs = { ...passInputs(pass), ...order, ...losses.inputs }
  const plan = finishPlan(schedule, inputs, [wholeRegion(model.figures)], { stores, readings: STEPS_AHEAD })
  const segments = { embed, forward, head, backward, embedBackward, optimizer, norm }
  return { ...plan, segments, xIn, dyIn, xOut, saved, slots, gradientSlots }
}

function addUnpacked(pass: Pass, packed: Slice): Slice {
  const x = activations(pass, 'layer input in f32', pass.config.dim)
  const threads = x.bytes / 16
  pass.schedule.add(unpackHalfKernel, { slices: { x: packed, y: x }, params: {}, threads })
  return x
}

function addPacked(pass: Pass, x: Slice, packed: Slice): void {
  const threads = x.bytes / 16
  pass.schedule.add(packHalfKernel, { slices: { x, y: packed }, params: {}, threads })
}

function slotLayout(slotBytes: number, count: number, maxBufferSize: number, firstStore: number): SlotLayout {
  const perStore = Math.floor(maxBufferSize / slotBytes)
  if (perStore === 0) {
    throw new StudioError(
      'out-of-memory',
      'One layer input of a micro-batch is larger than a buffer may be.',
      {
        hint: 'Use a smaller micro-batch or a shorter sequence.',
      },
    )
  }
  return { slotBytes, perStore, count, firstStore }
}

function slotStores({ slotBytes, perStore, count }: SlotLayout): number[] {
  return Array.from(
    { length: Math.ceil(count / perStore) },
    (_, index) => Math.min(perStore, count - index * perStore) * slotBytes,
  )
}
