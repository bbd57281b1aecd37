import { defineKernel } from '../../../gpu/kernel.ts'
import type { Slice, Value } from '../../../gpu/schedule.ts'
import { dropoutParams } from '../../ops/dropout/dropout-params.ts'
import { requireMultipleOfFour } from '../../ops/require-multiple-of-four.ts'
import erfWgsl from '../../ops/wgsl/erf.wgsl?raw'
import keepWgsl from '../../ops/wgsl/keep.wgsl?raw'
import philoxWgsl from '../../ops/wgsl/philox.wgsl?raw'
import type { StepState } from '../step-state.ts'
import gemmNnWgsl from './gemm-nn.wgsl?raw'
import gemmNtWgsl from './gemm-nt.wgsl?raw'
import { type GemmKind, type GemmScope, type GemmShape, gemmClass } from './gemm-shape.ts'
import gemmTnWgsl from './gemm-tn.wgsl?raw'
import gemmTnSumWgsl from './gemm-tn-sum.wgsl?raw'

export type { GemmShape } from './gemm-shape.ts'

const size = { m: 'u32', k: 'u32', n: 'u32' } as const
const includes = [erfWgsl, philoxWgsl, keepWgsl]

const nnKernel = defineKernel({
  name: 'gemm-nn',
  source: gemmNnWgsl,
  includes,
  bindings: {
    x: 'read vec4f',
    w: 'read vec4f',
    bias: 'read vec4f',
    base: 'read vec4f',
    y: 'write vec4f',
    activation: 'write vec4f',
  },
  params: { ...size, ...dropoutParams },
})

const ntKernel = defineKernel({
  name: 'gemm-nt',
  source: gemmNtWgsl,
  includes,
  bindings: {
    dy: 'read vec4f',
    w: 'read vec4f',
    inner: 'read vec4f',
    base: 'read vec4f',
    dx: 'write vec4f',
  },
  params: { ...size, ...dropoutParams },
})

const tnKernel = defineKernel({
  name: 'gemm-tn',
  source: gemmTnWgsl,
  bindings: {
    x: 'read vec4f',
    dy: 'read vec4f',
    partial: 'write vec4f',
    dw: 'update vec4f',
    db: 'update vec4f',
  },
  params: { ...size, chunk: 'u32', accumulate: 'u32' },
})

const tnSumKernel = defineKernel({
  name: 'gemm-tn-sum',
  source: gemmTnSumWgsl,
  bindings: { partial: 'read vec4f', dw: 'update vec4f', db: 'update vec4f' },
  params: { k: 'u32', n: 'u32', chunks: 'u32', accumulate: 'u32' },
})

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

/** Rows and vec4 columns of a thread's register tile. */
interface Tile {
  readonly ROWS: number
  readonly COLS: number
}
const ROWS = 8
const ENOUGH_THREADS = 1024
const dwTile = { LINES: 2, COLS: 2 }
/** Threads that a weight gradient should at least have; rows are cut into chunks to get them. */
const DW_THREADS = 1024
const SHORTEST_CHUNK = 32

/** Adds y = epilogue(x . w + bias); with `activation` GELU goes there and y, if given, keeps its input. */
export function addLinear(
  scope: GemmScope,
  { m, k, n, parts = 1 }: GemmShape,
  slices: { x: Slice; w: Slice; bias?: Slice; base?: Slice; y?: Slice; activation?: Slice },
  label: string,
  dropout?: DropoutParams,
): void {
  requireMultipleOfFour({ k, n })
  const tile = chosenTile(scope, 'nn', { m, k, n }) ?? tileFor(m, n, [3, 2])
  scope.schedule.add(nnKernel, {
    slices,
    params: { m, k, n, ...(dropout ?? noDropout) },
    threads: tileThreads(tile, m, n),
    constants: { ...tile, PARTS: parts, DROPOUT: dropout ? 1 : 0 },
    label,
  })
}

/** Adds dx[m, k] = epilogue(dy . w^T): times the slope of GELU at `inner` and its mask, or plus `base`. */
export function addLinearDx(
  scope: GemmScope,
  { m, k, n, parts = 1 }: GemmShape,
  slices: { dy: Slice; w: Slice; inner?: Slice; base?: Slice; dx: Slice },
  label: string,
  dropout?: DropoutParams,
): void {
  requireMultipleOfFour({ k, n })
  const tile = chosenTile(scope, 'nt', { m, k, n }) ?? tileFor(m, k, [2])
  scope.schedule.add(ntKernel, {
    slices,
    params: { m, k, n, ...(dropout ?? noDropout) },
    threads: tileThreads(tile, m, k),
    constants: { ...tile, PARTS: parts, DROPOUT: dropout ? 1 : 0 },
    label,
  })
}

/** Adds dw = x^T . dy and db = column sums of dy, in place or added to an earlier micro-batch's. */
export function addLinearDw(
  scope: GemmScope,
  { m, k, n, parts = 1 }: GemmShape,
  { x, dy, dw, db }: { x: Slice; dy: Slice; dw: Slice; db: Slice },
  label: string,
): void {
  const { schedule } = scope
  const tiles = Math.ceil(k / 4 / dwTile.LINES) * Math.ceil(n / 4 / dwTile.COLS)
  const chunk = Math.max(SHORTEST_CHUNK, Math.ceil(m / Math.ceil(DW_THREADS / tiles)))
  const chunks = Math.ceil(m / chunk)
  const accumulate = (state: StepState) => Number(state.accumulate)
  const partial = chunks > 1 ? schedule.scratch(`${label} partial`, 4 * chunks * (k + 1) * n) : undefined
  schedule.add(tnKernel, {
    slices: { x, dy, ...(partial ? { partial } : { dw, db }) },
    params: { m, k, n, chunk, accumulate: partial ? 0 : accumulate },
    threads: chunks * tiles,
    constants: { ...dwTile, PARTS: parts },
    label,
  })
  if (!partial) return
  schedule.add(tnSumKernel, {
    slices: { partial, dw, db },
    params: { k, n, chunks, accumulate },
    threads: ((k + 1) * n) / 4,
    constants: { PARTS: parts },
    label: `${label} sum`,
  })
}

/** The tile that the kernel set names for this class of shapes, as in 'direct-8x2'. */
function chosenTile({ kernels }: GemmScope, kind: GemmKind, shape: GemmShape): Tile | undefined {
  const [, rows, cols] = /^direct-(\d+)x(\d+)$/.exec(kernels.gemm[gemmClass(kind, shape)] ?? '') ?? []
  return rows && cols ? { ROWS: Number(rows), COLS: Number(cols) } : undefined
}

/** For an output [m, width]: the first of these columns that leaves threads enough and hardly any lanes idle, or one. */
function tileFor(m: number, width: number, columns: readonly number[]): Tile {
  const fitting = columns.find((COLS) => {
    const padded = 4 * COLS * Math.ceil(width / (4 * COLS))
    return padded <= 1.04 * width && tileThreads({ ROWS, COLS }, m, width) >= ENOUGH_THREADS
  })
  return { ROWS, COLS: fitting ?? 1 }
}

function tileThreads(tile: Tile, m: number, width: number): number {
  return Math.ceil(m / tile.ROWS) * Math.ceil(width / 4 / tile.COLS)
}
