import type { Slice, Value } from '../../../gpu/schedule.ts'
import type { dropoutParams } from '../../ops/dropout/dropout-params.ts'
import { requireMultipleOfFour } from '../../ops/require-multiple-of-four.ts'
import type { KernelSet } from '../kernel-set.ts'
import type { StepState } from '../step-state.ts'
import { gemmTnSumKernel } from './gemm-kernels.ts'
import { gemmLaunch } from './gemm-launch.ts'
import type { GemmScope, GemmShape } from './gemm-shape.ts'
import { chooseVariant, type GemmVariant } from './gemm-variant.ts'

export type { GemmShape } from './gemm-shape.ts'

/** Uniforms of a dropout site; absent where nothing is dropped. */
export type DropoutParams = Record<keyof typeof dropoutParams, Value<StepState>>

export const noDropout: DropoutParams = {
  row_blocks: 0,
  seed: 0,
  step: 0,
  micro_batch: 0,
  place: 0,
  threshold: 0,
  keep_scale: 1,
}

function productCall<Kind extends 'nn' | 'nt'>(
  kernels: KernelSet,
  kind: Kind,
  shape: GemmShape,
  dropout: DropoutParams | undefined,
) {
  const { m, k, n, parts = 1 } = shape
  requireMultipleOfFour({ k, n })
  const { kernel, constants, threads } = gemmLaunch(kind, shape, chooseVariant(kernels, kind, shape))
  return {
    kernel,
    params: { m, k, n, parts, ...(dropout ?? noDropout) },
    threads,
    constants: { ...constants, DROPOUT: dropout ? 1 : 0 },
  }
}

/** Adds y = epilogue(x . w + bias); with `activation` GELU goes there, and its slope to `slope`. */
export function addLinear(
  { schedule, kernels }: GemmScope,
  shape: GemmShape,
  slices: {
    x: Slice
    w: Slice
    bias?: Slice
    base?: Slice
    y?: Slice
    activation?: Slice
    slope?: Slice
  },
  label: string,
  dropout?: DropoutParams,
): void {
  const { kernel, ...call } = productCall(kernels, 'nn', shape, dropout)
  schedule.add(kernel, { ...call, slices, label })
}

/** Adds dx[m, k] = epilogue(dy . w^T): times `slope` and its mask, or plus `base`. */
export function addLinearDx(
  { schedule, kernels }: GemmScope,
  shape: GemmShape,
  slices: { dy: Slice; w: Slice; slope?: Slice; base?: Slice; dx: Slice },
  label: string,
  dropout?: DropoutParams,
): void {
  const { kernel, ...call } = productCall(kernels, 'nt', shape, dropout)
  schedule.add(kernel, { ...call, slices, label })
}

/** Adds dw = x^T . dy and db = column sums of dy, in place or added to an earlier micro-batch's. */
export function addLinearDw(
  { schedule, kernels }: GemmScope,
  shape: GemmShape,
  { x, dy, dw, db }: { x: Slice; dy: Slice; dw: Slice; db: Slice },
  label: string,
): void {
  const { m, k, n, parts = 1 } = shape
  requireMultipleOfFour({ k, n })
  const variant = chooseVariant(kernels, 'tn', shape)
  const { kernel, constants, threads } = gemmLaunch('tn', shape, variant)
  // Lanes are padded to workgroups; their chunks are those of direct tiles, so that their bits are.
  const direct = variant.family === 'lanes' ? { ...variant, family: 'direct' as const } : variant
  const chunk = chunkRows(variant, gemmLaunch('tn', shape, direct).threads, m)
  const chunks = Math.ceil(m / chunk)
  const accumulate = (state: StepState) => Number(state.accumulate)
  const partial = chunks > 1 ? schedule.scratch(`${label} partial`, 4 * chunks * (k + 1) * n) : undefined
  schedule.add(kernel, {
    slices: { x, dy, ...(partial ? { partial } : { dw, db }) },
    params: { m, k, n, parts, chunk, accumulate: partial ? 0 : accumulate },
    threads: chunks * threads,
    constants,
    label,
  })
  if (!partial) return
  schedule.add(gemmTnSumKernel, {
    slices: { partial, dw, db },
    params: { k, n, chunks, accumulate },
    threads: ((k + 1) * n) / 4,
    constants: { PARTS: parts },
    label: `${label} sum`,
  })
}

/** Threads that a weight gradient should at least have; rows are cut into chunks to get them. */
const DW_THREADS = { direct: 64, lanes: 64, shared: 96 * 64, matrix: 96 * 64 } as const
const SHORTEST_CHUNK = { direct: 32, lanes: 32, shared: 256, matrix: 256 } as const

/** Rows of a chunk: a multiple of the depth of a tile, where there is one. */
function chunkRows(variant: GemmVariant, threads: number, m: number): number {
  const { family, split } = variant
  const wanted = split ?? Math.ceil(DW_THREADS[family] / threads)
  const rows = Math.max(split ? 1 : SHORTEST_CHUNK[family], Math.ceil(m / wanted))
  return 'depth' in variant ? Math.ceil(rows / variant.depth) * variant.depth : rows
}
