import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { AttentionShape, RopeTables } from '../../model-ops.ts'
import ropePackWgsl from './rope-pack.wgsl?raw'
import ropeUnpackWgsl from './rope-unpack.wgsl?raw'

const params = {
  sequence: 'u32',
  heads: 'u32',
  head_dim: 'u32',
  table_rows: 'u32',
  scale: 'f32',
} as const

const packKernel = defineKernel({
  name: 'rope-pack',
  source: ropePackWgsl,
  bindings: {
    query: 'read f32',
    key: 'read f32',
    value: 'read f32',
    cosine: 'read f32',
    sine: 'read f32',
    q: 'write f32',
    k: 'write f32',
    v: 'write f32',
  },
  params,
})

const unpackKernel = defineKernel({
  name: 'rope-unpack',
  source: ropeUnpackWgsl,
  bindings: {
    dq: 'read f32',
    dk: 'read f32',
    dv: 'read f32',
    cosine: 'read f32',
    sine: 'read f32',
    dquery: 'write f32',
    dkey: 'write f32',
    dvalue: 'write f32',
  },
  params,
})

/** [rows, heads, sequence, headDim padded to a multiple of 4]. */
export interface PackedHeads {
  readonly q: Tensor
  readonly k: Tensor
  readonly v: Tensor
}

/** Query and key rotated, the query scaled by 1 / sqrt(headDim), all three in head-major layout. */
export function ropePack(
  device: TfjsDevice,
  query: Tensor2D,
  key: Tensor2D,
  value: Tensor2D,
  rope: RopeTables,
  shape: AttentionShape,
): PackedHeads {
  const { rows, sequence, heads } = shape
  const headDim = query.shape[1] / heads
  if (headDim % 2 !== 0 || headDim > 256) {
    throw new StudioError('unsupported', `Attention heads of ${headDim} values are not supported.`, {
      hint: 'Use a head dimension that is even and at most 256.',
    })
  }
  const vecs = Math.ceil(headDim / 4)
  const empty = () => device.empty([rows, heads, sequence, 4 * vecs])
  const packed = { q: empty(), k: empty(), v: empty() }
  device.dispatch(packKernel, {
    tensors: { query, key, value, cosine: rope.cos, sine: rope.sin, ...packed },
    params: {
      sequence,
      heads,
      head_dim: headDim,
      table_rows: rope.cos.shape[0],
      scale: 1 / Math.sqrt(headDim),
    },
    threads: rows * sequence * heads * 2 * vecs,
    constants: { VECS: vecs },
  })
  return packed
}

/** The gradients in [rows * sequence, dim], rotated back. */
export function ropeUnpack(
  device: TfjsDevice,
  packed: PackedHeads,
  rope: RopeTables,
  { rows, sequence, heads }: AttentionShape,
  headDim: number,
): { dquery: Tensor2D; dkey: Tensor2D; dvalue: Tensor2D } {
  const empty = () => device.empty([rows * sequence, heads * headDim])
  const [dquery, dkey, dvalue] = [empty(), empty(), empty()]
  device.dispatch(unpackKernel, {
    tensors: {
      dq: packed.q,
      dk: packed.k,
      dv: packed.v,
      cosine: rope.cos,
      sine: rope.sin,
      dquery,
      dkey,
      dvalue,
    },
    params: {
      sequence,
      heads,
      head_dim: headDim,
      table_rows: rope.cos.shape[0],
      scale: 1 / Math.sqrt(headDim),
    },
    threads: (rows * sequence * heads * headDim) / 2,
    constants: { VECS: Math.ceil(headDim / 4) },
  })
  return { dquery, dkey, dvalue }
}
