import type { Slice } from '../../gpu/schedule.ts'
import { attentionTile } from '../ops/attention/attention.ts'
import { dropoutKernel } from '../ops/dropout/dropout.ts'
import { layerNormSumKernel, layerNormVariants } from '../ops/layer-norm/layer-norm.ts'
import { type PhiloxSite, philoxSite } from '../philox.ts'
import {
  type Encoded,
  headParams,
  passAttention,
  type SavedLayer,
  type SavedNorm,
} from './forward-schedule.ts'
import { addLinearDw, addLinearDx, type GemmShape, noDropout } from './gemm/gemm.ts'
import { embeddingGradSortedKernel, qkvUnpackKernel } from './kernels/kernels.ts'
import { activations, dropoutAt, gradient, type Pass, weight } from './pass.ts'
import type { StepState } from './step-state.ts'

const accumulate = (state: StepState) => Number(state.accumulate)

/**
 * Adds the gradients of every parameter below the final hidden states, for their gradient [rows * sequence, dim];
 * `order` as token-order.ts.
 */
export function addEncoderBackward(
  pass: Pass,
  { layers, finalNorm }: Encoded,
  order: { order: Slice; starts: Slice },
  dhidden: Slice,
): void {
  const scratch = () => activations(pass, 'dx', pass.config.dim)
  let dx = addNormBackward(pass, 'final_norm', finalNorm, dhidden, scratch())
  for (const [layer, saved] of [...layers.entries()].reverse()) {
    dx = addLayerBackward(pass, layer, saved, dx, scratch())
  }
  addEmbeddingBackward(pass, order, dx)
}

/** Adds the embedding's gradient for the gradient of its output; `order` as token-order.ts. */
export function addEmbeddingBackward(pass: Pass, order: { order: Slice; starts: Slice }, dy: Slice): void {
  const { dim, vocab } = pass.config
  pass.schedule.add(embeddingGradSortedKernel, {
    slices: { dy, ...order, dweight: gradient(pass, 'embedding.weight') },
    params: { dim, accumulate },
    threads: (vocab * dim) / 4,
  })
}

/** Adds the gradients of a layer's parameters. -> gradient of the layer's input, written to `dx`. */
export function addLayerBackward(pass: Pass, layer: number, saved: SavedLayer, dy: Slice, dx: Slice): Slice {
  const { tokenCount: m } = pass
  const { dim, ffn } = pass.config
  const prefix = `encoder.layers.${layer}`
  const outer = `${prefix}.pwff.linear_outer`
  const inner = `${prefix}.pwff.linear_inner`

  const dfed = addMask(pass, layer, philoxSite.ffnResidual, dy)
  addWeightGradient(pass, outer, { m, k: ffn, n: dim }, saved.activation, dfed, 'ffn outer dw')
  const dinner = activations(pass, 'dinner', ffn)
  addLinearDx(
    pass,
    { m, k: ffn, n: dim },
    { dy: dfed, w: weight(pass, `${outer}.weight`), slope: saved.slope, dx: dinner },
    'ffn outer dx',
    dropoutAt(pass, layer, philoxSite.ffn, ffn),
  )
  addWeightGradient(pass, inner, { m, k: dim, n: ffn }, saved.norm2.y, dinner, 'ffn inner dw')
  const dnormed = activations(pass, 'dnormed', dim)
  addLinearDx(
    pass,
    { m, k: dim, n: ffn },
    { dy: dinner, w: weight(pass, `${inner}.weight`), dx: dnormed },
    'ffn inner dx',
  )
  const dmiddle = activations(pass, 'dmiddle', dim)
  addNormBackward(pass, `${prefix}.norm_2`, saved.norm2, dnormed, dmiddle, dy)

  const dheads = addMask(pass, layer, philoxSite.attentionResidual, dmiddle)
  const dattended = addAttentionBackward(pass, layer, saved, dheads)
  return addNormBackward(pass, `${prefix}.norm_1`, saved.norm1, dattended, dx, dmiddle)
}

/** -> gradient of the normalised input of the attention, for the gradient of its projected output. */
function addAttentionBackward(pass: Pass, layer: number, saved: SavedLayer, dy: Slice): Slice {
  const { schedule, tokenCount: m, headDim, shape, cosine, sine } = pass
  const { dim, heads } = pass.config
  const prefix = `encoder.layers.${layer}.attention`
  addWeightGradient(pass, `${prefix}.output`, { m, k: dim, n: dim }, saved.mixed, dy, 'output dw')
  const dmixed = activations(pass, 'dmixed', dim)
  addLinearDx(
    pass,
    { m, k: dim, n: dim },
    { dy, w: weight(pass, `${prefix}.output.weight`), dx: dmixed },
    'output dx',
  )

  const { VECS } = attentionTile(headDim)
  const variants = passAttention(pass)
  const packed = (label: string) => activations(pass, label, 4 * VECS * heads)
  const { q, k, v } = saved
  const packedDy = packed('packed dy')
  const stats = activations(pass, 'attention stats', 2 * heads)
  const { kernel: rowStatsKernel, ...rowStatsCall } = variants.rowStats
  schedule.add(rowStatsKernel, {
    slices: { y: saved.mixed, dy: dmixed, lse: saved.lse, packed: packedDy, stats },
    params: { sequence: shape.sequence, heads, head_dim: headDim },
    ...rowStatsCall,
  })
  const dropout = dropoutAt(pass, layer, philoxSite.attention, 0)
  const params = { sequence: shape.sequence, heads, ...(dropout ?? noDropout) }
  const inputs = { q, k, v, dy: packedDy, stats }
  const [dq, dk, dv] = [packed('dq'), packed('dk'), packed('dv')]
  const { kernel: dqKernel, ...dqCall } = variants.dq
  schedule.add(dqKernel, { slices: { ...inputs, dq }, params, ...dqCall })
  const { kernel: dkvKernel, ...dkvCall } = variants.dkv
  schedule.add(dkvKernel, { slices: { ...inputs, dk, dv }, params, ...dkvCall })
  const dqkv = activations(pass, 'dqkv', 3 * dim)
  schedule.add(qkvUnpackKernel, {
    slices: { dq, dk, dv, cosine, sine, dqkv },
    params: headParams(pass),
    threads: (m * dim) / 2,
    constants: { VECS },
  })

  const qkv = { m, k: dim, n: 3 * dim, parts: 3 }
  addWeightGradient(pass, `${prefix}.qkv`, qkv, saved.norm1.y, dqkv, 'qkv dw')
  const dx = activations(pass, 'dattended', dim)
  addLinearDx(pass, qkv, { dy: dqkv, w: weight(pass, `${prefix}.qkv.weight`), dx }, 'qkv dx')
  return dx
}

/** Adds dw and db of the linear layer of this name. */
export function addWeightGradient(
  pass: Pass,
  name: string,
  shape: GemmShape,
  x: Slice,
  dy: Slice,
  label: string,
): void {
  const slices = { x, dy, dw: gradient(pass, `${name}.weight`), db: gradient(pass, `${name}.bias`) }
  addLinearDw(pass, shape, slices, label)
}

/** dy through the dropout mask of a residual branch; dy itself in a pass without dropout. */
function addMask(pass: Pass, layer: number, site: PhiloxSite, dy: Slice): Slice {
  const { dim } = pass.config
  const params = dropoutAt(pass, layer, site, dim)
  if (!params) return dy
  const masked = activations(pass, 'masked', dim)
  pass.schedule.add(dropoutKernel, {
    slices: { x: dy, y: masked },
    params,
    threads: (pass.tokenCount * dim) / 4,
  })
  return masked
}

/** Adds dgamma and dbeta. -> dx: gradient of the norm's input, plus `bypass` where the input also went past the norm. */
export function addNormBackward(
  pass: Pass,
  name: string,
  saved: SavedNorm,
  dy: Slice,
  dx: Slice,
  bypass?: Slice,
): Slice {
  const { schedule, tokenCount } = pass
  const { dim } = pass.config
  const { x, stats } = saved
  const { chunk, chunks, ...variants } = layerNormVariants(pass.kernels.rows, tokenCount, dim)
  const { kernel: dxKernel, ...dxCall } = variants.dx
  schedule.add(dxKernel, {
    slices: { x, gamma: weight(pass, `${name}.gamma`), stats, dy, ...(bypass ? { base: bypass } : {}), dx },
    params: { dim },
    ...dxCall,
  })
  const partial = schedule.scratch('norm partial', 8 * chunks * dim)
  const { kernel: partialKernel, ...partialCall } = variants.partial
  schedule.add(partialKernel, {
    slices: { x, stats, dy, partial },
    params: { rows: tokenCount, dim, chunk },
    ...partialCall,
  })
  schedule.add(layerNormSumKernel, {
    slices: { partial, dgamma: gradient(pass, `${name}.gamma`), dbeta: gradient(pass, `${name}.beta`) },
    params: { dim, chunks, accumulate },
    threads: dim / 2,
  })
  return dx
}
