import { groupTwin, type Unit, type Variant } from '../variant.ts'
import {
  attentionDkvKernel,
  attentionDqKernel,
  attentionKernel,
  attentionRowsKernel,
  attentionTile,
} from './attention.ts'
import attentionDkvGroupWgsl from './attention-dkv-group.wgsl?raw'
import attentionDqGroupWgsl from './attention-dq-group.wgsl?raw'
import attentionGroupWgsl from './attention-group.wgsl?raw'
import attentionRowsGroupWgsl from './attention-rows-group.wgsl?raw'
import tileProductWgsl from './tile-product.wgsl?raw'

// Attention by tiles that pass through workgroup memory, at most 16 KiB of it, which every device grants.

const forward = groupTwin(attentionKernel, attentionGroupWgsl, [tileProductWgsl])

const rowStats = groupTwin(attentionRowsKernel, attentionRowsGroupWgsl)

const dq = groupTwin(attentionDqKernel, attentionDqGroupWgsl, [tileProductWgsl])

const dkv = groupTwin(attentionDkvKernel, attentionDkvGroupWgsl, [tileProductWgsl])

/** Queries (keys for dk and dv) of a workgroup. */
const GROUP_ROWS = 16
/** Vec4 of the widest head that 64 threads hold in registers; wider ones take 128. */
const WIDEST_FOR_64 = 32

function variant<Binding extends string, Parameter extends string>(
  kernel: Variant<Binding, Parameter>['kernel'],
  threads: number,
  constants: Variant<Binding, Parameter>['constants'],
): Variant<Binding, Parameter> {
  return { kernel, threads, constants }
}

export interface AttentionVariantShape {
  readonly rows: number
  readonly heads: number
  readonly sequence: number
  readonly headDim: number
  readonly dropout: boolean
}

/** Kernels of attention and its backward pass for heads packed to VECS vec4 (attentionTile); all results are the same. */
export function attentionVariants(unit: Unit, shape: AttentionVariantShape) {
  const { rows, heads, sequence, headDim, dropout } = shape
  const DROPOUT = dropout ? 1 : 0
  const { VECS, QUERIES, KEYS, GROUPS, STAGED } = attentionTile(headDim)
  const headRows = rows * heads
  if (unit === 'thread') {
    const queryThreads = headRows * Math.ceil(sequence / QUERIES)
    return {
      forward: variant(attentionKernel, queryThreads, { VECS, QUERIES, DROPOUT }),
      rowStats: variant(attentionRowsKernel, headRows * sequence, { VECS }),
      dq: variant(attentionDqKernel, queryThreads, { VECS, QUERIES, DROPOUT }),
      dkv: variant(attentionDkvKernel, headRows * Math.ceil(sequence / (KEYS * GROUPS)), {
        VECS,
        KEYS,
        GROUPS,
        STAGED,
        DROPOUT,
      }),
    }
  }
  const LANES = VECS <= WIDEST_FOR_64 ? 8 : 16
  const WORKGROUP = 8 * LANES
  const CHUNK = Math.min(VECS, LANES === 8 ? 8 : 4)
  const threads = headRows * Math.ceil(sequence / GROUP_ROWS) * WORKGROUP
  const constants = { WORKGROUP, LANES, CHUNK, VECS, COLS: Math.ceil(VECS / LANES), DROPOUT }
  return {
    forward: variant(forward, threads, { ...constants, PRODUCTS: 1 }),
    rowStats: variant(rowStats, 8 * headRows * sequence, { VECS, WORKGROUP: 64 }),
    dq: variant(dq, threads, { ...constants, PRODUCTS: 2 }),
    dkv: variant(dkv, threads, { ...constants, PRODUCTS: 2 }),
  }
}
