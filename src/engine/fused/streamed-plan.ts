import { type Slice, wholeRegion } from '../../gpu/schedule.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { addEmbedding, addLayer } from './forward-schedule.ts'
import { addRowMeansAndLosses } from './inference-plan.ts'
import type { Segment } from './layered-plan.ts'
import type { ModelRegions } from './model-regions.ts'
import { createPass, type PassOptions, type PassShape } from './pass.ts'
import { finishPlan, noiseInput, type Plan, passInputs } from './plan.ts'

/** A forward pass whose parts run with the weights of one block on the device. */
export interface StreamedPlan extends Plan {
  readonly xIn: Slice
  readonly xOut: Slice
  /** Tokens -> xOut, with the embedding's weights. */
  readonly embed: Segment
  /** xIn -> xOut, with the weights of any one layer. */
  readonly layer: Segment
  /** xIn -> figures and the mean hidden state of each row, with the head's weights. */
  readonly head: Segment
  /** Bytes of one row's hidden states, of which as many are kept as rows go through a layer together. */
  readonly slotBytes: number
}

/** `model` keeps the weights of one block; `rowsAtOnce` passes of `shape` go through each block. */
export function planStreamed(
  config: ModelConfig,
  model: ModelRegions,
  shape: PassShape,
  rowsAtOnce: number,
  givenNoise: boolean,
  options?: PassOptions,
): StreamedPlan {
  const pass = createPass(config, model, shape, options)
  const { schedule } = pass
  const slotBytes = 4 * pass.tokenCount * config.dim
  const [xIn, xOut] = [schedule.kept('layer input', slotBytes), schedule.kept('layer output', slotBytes)]
  const targets = schedule.kept('targets', 4 * pass.tokenCount)
  const noise = givenNoise ? { noise: noiseInput(pass) } : {}
  const segment = (add: () => void): Segment => {
    const from = schedule.dispatches.length
    add()
    return { from, to: schedule.dispatches.length }
  }
  const embed = segment(() => addEmbedding(pass, xOut))
  // Layers differ in their weights alone, and those are put where the first layer's are.
  const layer = segment(() => addLayer(pass, 0, xIn, false, xOut))
  let means!: Slice
  const head = segment(() => {
    means = addRowMeansAndLosses(pass, xIn, targets, noise.noise)
  })
  const inputs = { ...passInputs(pass), targets, ...noise }
  const stores = Array.from({ length: rowsAtOnce }, () => slotBytes)
  const plan = finishPlan(schedule, inputs, [wholeRegion(model.figures), means], { stores })
  return { ...plan, xIn, xOut, embed, layer, head, slotBytes }
}
