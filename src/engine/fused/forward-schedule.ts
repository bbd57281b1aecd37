import type { Slice } from '../../gpu/schedule.ts'
import { LAYER_NORM_EPSILON } from '../model-ops.ts'
import { attentionTile } from '../ops/attention/attention.ts'
import { attentionVariants } from '../ops/attention/attention-group.ts'
import { embeddingKernel } from '../ops/embedding/embedding.ts'
import { layerNormVariants } from '../ops/layer-norm/layer-norm.ts'
import { philoxSite } from '../philox.ts'
import { addLinear, noDropout } from './gemm/gemm.ts'
import { qkvPackKernel } from './kernels/kernels.ts'
import { activations, dropoutAt, type Pass, weight } from './pass.ts'

/** A normalised tensor and what its backward pass needs: the input and (mean, 1 / deviation) of each row. */
export interface SavedNorm {
  readonly x: Slice
  readonly y: Slice
  readonly stats: Slice
}

/** What the backward pass of one layer needs. */
export interface SavedLayer {
  readonly norm1: SavedNorm
  readonly q: Slice
  readonly k: Slice
  readonly v: Slice
  /** Log sum exp of the scores of each query. */
  readonly lse: Slice
  /** Attention before its output projection. */
  readonly mixed: Slice
  readonly norm2: SavedNorm
  /** GELU and its slope, before its mask. */
  readonly activation: Slice
  readonly slope: Slice
}

export interface Encoded {
  readonly layers: readonly SavedLayer[]
  readonly finalNorm: SavedNorm
  /** Final hidden states [rows * sequence, dim]. */
  readonly hidden: Slice
}

/** Adds embedding, all layers and the final norm, and keeps what the backward pass reads. */
export function addEncoder(pass: Pass): Encoded {
  const { config } = pass
  const layers: SavedLayer[] = []
  let x = addEmbedding(pass, activations(pass, 'embedded', config.dim))
  for (let layer = 0; layer < config.layers; layer += 1) {
    const output = activations(pass, 'output', config.dim)
    layers.push(addLayer(pass, layer, x, true, output))
    x = output
  }
  const finalNorm = addNorm(pass, 'final_norm', x)
  return { layers, finalNorm, hidden: finalNorm.y }
}

/** Adds the embedding of the pass's tokens. -> y [rows * sequence, dim]. */
export function addEmbedding(pass: Pass, y: Slice): Slice {
  const { dim } = pass.config
  pass.schedule.add(embeddingKernel, {
    slices: { weight: weight(pass, 'embedding.weight'), tokens: pass.tokens, y },
    params: { dim },
    threads: (pass.tokenCount * dim) / 4,
  })
  return y
}

/**
 * Adds one layer from x [rows * sequence, dim] to `output`, which may be left out where only what the backward pass
 * reads is wanted again.
 */
export function addLayer(pass: Pass, layer: number, x: Slice, keep: boolean, output?: Slice): SavedLayer {
  const { tokenCount: m } = pass
  const { dim, ffn } = pass.config
  const prefix = `encoder.layers.${layer}`
  const parameters = (name: string) => ({
    w: weight(pass, `${prefix}.${name}.weight`),
    bias: weight(pass, `${prefix}.${name}.bias`),
  })

  const norm1 = addNorm(pass, `${prefix}.norm_1`, x)
  const attention = addAttention(pass, layer, norm1.y)
  const middle = activations(pass, 'middle', dim)
  addLinear(
    pass,
    { m, k: dim, n: dim },
    { x: attention.mixed, ...parameters('attention.output'), base: x, y: middle },
    'output',
    dropoutAt(pass, layer, philoxSite.attentionResidual, dim),
  )

  const norm2 = addNorm(pass, `${prefix}.norm_2`, middle)
  const activation = activations(pass, 'activation', ffn)
  const slope = activations(pass, 'slope', ffn)
  addLinear(
    pass,
    { m, k: dim, n: ffn },
    { x: norm2.y, ...parameters('pwff.linear_inner'), activation, ...(keep ? { slope } : {}) },
    'ffn inner',
    dropoutAt(pass, layer, philoxSite.ffn, ffn),
  )
  if (output) {
    addLinear(
      pass,
      { m, k: ffn, n: dim },
      { x: activation, ...parameters('pwff.linear_outer'), base: middle, y: output },
      'ffn outer',
      dropoutAt(pass, layer, philoxSite.ffnResidual, dim),
    )
  }
  return { norm1, ...attention, norm2, activation, slope }
}

/** Adds a LayerNorm. */
export function addNorm(pass: Pass, name: string, x: Slice): SavedNorm {
  const { dim } = pass.config
  const y = activations(pass, 'normed', dim)
  const stats = activations(pass, 'norm stats', 2)
  const { kernel, ...call } = layerNormVariants(pass.kernels.rows, pass.tokenCount, dim).forward
  pass.schedule.add(kernel, {
    slices: { x, gamma: weight(pass, `${name}.gamma`), beta: weight(pass, `${name}.beta`), y, stats },
    params: { dim, epsilon: LAYER_NORM_EPSILON },
    ...call,
  })
  return { x, y, stats }
}

function addAttention(pass: Pass, layer: number, x: Slice) {
  const { schedule, tokenCount, headDim, shape, cosine, sine } = pass
  const { dim, heads } = pass.config
  const { VECS } = attentionTile(headDim)
  const qkv = activations(pass, 'qkv', 3 * dim)
  addLinear(
    pass,
    { m: tokenCount, k: dim, n: 3 * dim, parts: 3 },
    {
      x,
      w: weight(pass, `encoder.layers.${layer}.attention.qkv.weight`),
      bias: weight(pass, `encoder.layers.${layer}.attention.qkv.bias`),
      y: qkv,
    },
    'qkv',
  )
  const packed = (label: string) => activations(pass, label, 4 * VECS * heads)
  const [q, k, v] = [packed('q'), packed('k'), packed('v')]
  schedule.add(qkvPackKernel, {
    slices: { qkv, cosine, sine, q, k, v },
    params: headParams(pass),
    threads: tokenCount * heads * 2 * VECS,
    constants: { VECS },
  })
  const lse = activations(pass, 'lse', heads)
  const mixed = activations(pass, 'mixed', dim)
  const dropout = dropoutAt(pass, layer, philoxSite.attention, 0)
  const { kernel, ...call } = passAttention(pass).forward
  schedule.add(kernel, {
    slices: { q, k, v, y: mixed, lse },
    params: { sequence: shape.sequence, heads, head_dim: headDim, ...(dropout ?? noDropout) },
    ...call,
  })
  return { q, k, v, lse, mixed }
}

/** The kernels of attention of this pass. */
export function passAttention({ kernels, config: { heads }, headDim, shape }: Pass) {
  return attentionVariants(kernels.attention, { ...shape, heads, headDim })
}

/** Uniforms of qkv-pack and qkv-unpack. */
export function headParams({ config, shape, headDim }: Pass) {
  return {
    sequence: shape.sequence,
    heads: config.heads,
    head_dim: headDim,
    table_rows: shape.positions ? shape.rows : 1,
    scale: 1 / Math.sqrt(headDim),
  }
}
