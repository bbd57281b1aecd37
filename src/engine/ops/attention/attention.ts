import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import type { AttentionShape, Dropout, RopeTables } from '../../model-ops.ts'
import { dropoutParams, dropoutValues } from '../dropout/dropout-params.ts'
import keepWgsl from '../wgsl/keep.wgsl?raw'
import logWgsl from '../wgsl/log.wgsl?raw'
import philoxWgsl from '../wgsl/philox.wgsl?raw'
import attentionWgsl from './attention.wgsl?raw'
import attentionDkvWgsl from './attention-dkv.wgsl?raw'
import attentionDqWgsl from './attention-dq.wgsl?raw'
import attentionRowsWgsl from './attention-rows.wgsl?raw'
import { type PackedHeads, ropePack, ropeUnpack } from './rope.ts'

const includes = [philoxWgsl, keepWgsl, logWgsl]
const shapeParams = { sequence: 'u32', heads: 'u32' } as const

export const attentionKernel = defineKernel({
  name: 'attention',
  source: attentionWgsl,
  includes,
  bindings: { q: 'read vec4f', k: 'read vec4f', v: 'read vec4f', y: 'write f32', lse: 'write f32' },
  params: { ...shapeParams, head_dim: 'u32', ...dropoutParams },
})

export const attentionRowsKernel = defineKernel({
  name: 'attention-rows',
  source: attentionRowsWgsl,
  bindings: { y: 'read f32', dy: 'read f32', lse: 'read f32', packed: 'write f32', stats: 'write vec2f' },
  params: { ...shapeParams, head_dim: 'u32' },
})

const backwardInputs = {
  q: 'read vec4f',
  k: 'read vec4f',
  v: 'read vec4f',
  dy: 'read vec4f',
  stats: 'read vec2f',
} as const

export const attentionDqKernel = defineKernel({
  name: 'attention-dq',
  source: attentionDqWgsl,
  includes,
  bindings: { ...backwardInputs, dq: 'write vec4f' },
  params: { ...shapeParams, ...dropoutParams },
})

export const attentionDkvKernel = defineKernel({
  name: 'attention-dkv',
  source: attentionDkvWgsl,
  includes,
  bindings: { ...backwardInputs, dk: 'write vec4f', dv: 'write vec4f' },
  params: { ...shapeParams, ...dropoutParams },
})

/** What the backward pass keeps of the forward: packed heads, log sum exp [rows * heads * sequence], and y. */
export interface AttentionSaved extends PackedHeads {
  readonly lse: Tensor
  readonly y: Tensor2D
}

/**
 * Rotary embedding of query and key, then causal attention for each head: softmax(q . k / sqrt(headDim)) over keys
 * 0..query, dropout on the probabilities, times v. All [rows * sequence, heads * headDim]; headDim 2 to 256, even.
 */
export function attention(
  device: TfjsDevice,
  query: Tensor2D,
  key: Tensor2D,
  value: Tensor2D,
  rope: RopeTables,
  shape: AttentionShape,
  dropout?: Dropout,
): AttentionSaved {
  const packed = ropePack(device, query, key, value, rope, shape)
  const { rows, sequence, heads } = shape
  const headDim = query.shape[1] / heads
  const { VECS, QUERIES } = attentionTile(headDim)
  const y = device.empty([query.shape[0], query.shape[1]])
  const lse = device.empty([rows * heads * sequence])
  device.dispatch(attentionKernel, {
    tensors: { ...packed, y, lse },
    params: { sequence, heads, head_dim: headDim, ...dropoutValues(dropout) },
    threads: rows * heads * Math.ceil(sequence / QUERIES),
    constants: { VECS, QUERIES, DROPOUT: dropout ? 1 : 0 },
  })
  return { ...packed, lse, y }
}

/** Gradients of query, key and value for dy [rows * sequence, dim]; scores and masks are computed again. */
export function attentionGrad(
  device: TfjsDevice,
  saved: AttentionSaved,
  dy: Tensor2D,
  rope: RopeTables,
  shape: AttentionShape,
  dropout?: Dropout,
): { dquery: Tensor2D; dkey: Tensor2D; dvalue: Tensor2D } {
  const { rows, sequence, heads } = shape
  const { q, k, v, lse, y } = saved
  const headDim = dy.shape[1] / heads
  const { VECS, QUERIES, KEYS, GROUPS, STAGED } = attentionTile(headDim)
  const packed = device.empty(q.shape)
  const stats = device.empty([rows * heads * sequence, 2])
  device.dispatch(attentionRowsKernel, {
    tensors: { y, dy, lse, packed, stats },
    params: { sequence, heads, head_dim: headDim },
    threads: rows * heads * sequence,
    constants: { VECS },
  })
  const [dq, dk, dv] = [device.empty(q.shape), device.empty(q.shape), device.empty(q.shape)]
  const inputs = { q, k, v, dy: packed, stats }
  const params = { sequence, heads, ...dropoutValues(dropout) }
  const DROPOUT = dropout ? 1 : 0
  device.dispatch(attentionDqKernel, {
    tensors: { ...inputs, dq },
    params,
    threads: rows * heads * Math.ceil(sequence / QUERIES),
    constants: { VECS, QUERIES, DROPOUT },
  })
  device.dispatch(attentionDkvKernel, {
    tensors: { ...inputs, dk, dv },
    params,
    threads: rows * heads * Math.ceil(sequence / (KEYS * GROUPS)),
    constants: { VECS, KEYS, GROUPS, STAGED, DROPOUT },
  })
  return ropeUnpack(device, { q: dq, k: dk, v: dv }, rope, shape, headDim)
}

/** Vec4 of the widest head that is kept in registers several rows at a time. */
const WIDEST_TILED = 8

/**
 * Vec4 of a padded head, queries of a thread that share every load of a key, and keys in a group and groups of a thread of
 * the keys' gradient: as many as registers hold. STAGED heads of its keys are short enough to pass through a second
 * array, which a loop may index, on their way from and to memory.
 */
export function attentionTile(headDim: number): {
  VECS: number
  QUERIES: number
  KEYS: number
  GROUPS: number
  STAGED: number
} {
  const VECS = Math.ceil(headDim / 4)
  if (VECS > WIDEST_TILED) return { VECS, QUERIES: 1, KEYS: 1, GROUPS: 1, STAGED: 0 }
  const QUERIES = VECS === 1 ? 8 : VECS <= 4 ? 4 : 2
  return { VECS, QUERIES, KEYS: 4, GROUPS: VECS <= 2 ? 2 : 1, STAGED: 1 }
}
