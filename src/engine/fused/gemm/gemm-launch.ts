import type { KernelConstants } from '../../../gpu/wgsl-template.ts'
import { gemmKernels } from './gemm-kernels.ts'
import type { GemmKind, GemmShape } from './gemm-shape.ts'
import {
  type GemmVariant,
  gemmDemand,
  isHalf,
  outputSize,
  padding,
  REGISTER_WORKGROUP,
  type SharedVariant,
} from './gemm-variant.ts'
import { type MatrixVariant, matrixPadding } from './matrix-variant.ts'

/** How a variant is dispatched: `threads` for one chunk of rows, a whole number of workgroups where they matter. */
export interface GemmLaunch<Kind extends GemmKind> {
  readonly kernel: (typeof gemmKernels)[Kind]['direct']
  readonly constants: KernelConstants
  readonly threads: number
}

export function gemmLaunch<Kind extends GemmKind>(
  kind: Kind,
  shape: GemmShape,
  variant: GemmVariant,
): GemmLaunch<Kind> {
  const kernels = gemmKernels[kind]
  if (variant.family === 'shared' || variant.family === 'matrix') {
    const [height, width] = outputSize(kind, shape)
    const groups = Math.ceil(height / variant.height) * Math.ceil(width / variant.width)
    const constants = { ...tileConstants(kind, variant), PARTS: shape.parts ?? 1 }
    const kernel = kernels[tileKernel(variant)]
    return { kernel, constants, threads: groups * gemmDemand(variant).threads } as GemmLaunch<Kind>
  }
  const { family, rows, cols } = variant
  const lanes = family === 'lanes'
  const [height, width] = outputSize(kind, shape)
  const across = Math.ceil(width / 4 / cols)
  const down = Math.ceil(height / (kind === 'tn' ? 4 * rows : rows))
  const steps = { QUADS: lanes ? 1 : 0, STEPS: !lanes ? 1 : kind === 'tn' ? 2 : 4 }
  const constants = {
    ...(kind === 'tn' ? { LINES: rows } : { ROWS: rows }),
    COLS: cols,
    ...steps,
    // Weight gradients have few threads: smaller workgroups share them out more evenly.
    ...(lanes
      ? { WORKGROUP: REGISTER_WORKGROUP }
      : kind === 'tn'
        ? { WORKGROUP: REGISTER_WORKGROUP / 2 }
        : {}),
  }
  const tiles = down * (lanes ? 4 * Math.ceil(across / 4) : across)
  const threads = lanes ? REGISTER_WORKGROUP * Math.ceil(tiles / REGISTER_WORKGROUP) : tiles
  return { kernel: kernels[family], constants, threads } as GemmLaunch<Kind>
}

function tileKernel(variant: SharedVariant | MatrixVariant) {
  if (variant.family === 'shared') return variant.half ? 'half' : 'shared'
  if (variant.plain) return 'matrixPlain'
  return variant.unit.half ? 'matrixHalf' : 'matrix'
}

function tileConstants(kind: GemmKind, variant: SharedVariant | MatrixVariant): KernelConstants {
  const { height, width, depth } = variant
  const { threads } = gemmDemand(variant)
  const blocks = ((height + width) / 4) * (depth / 4)
  return {
    BM: height,
    BN: width,
    DEPTH: depth,
    LOADS: Math.ceil(blocks / threads),
    ...(variant.family === 'shared' ? sharedConstants(variant) : matrixConstants(variant)),
    HALF: isHalf(variant) ? 1 : 0,
    TN: kind === 'tn' ? 1 : 0,
    NT: kind === 'nt' ? 1 : 0,
    WORKGROUP: threads,
  }
}

function sharedConstants(variant: SharedVariant): KernelConstants {
  const { rows, cols, ahead } = variant
  return { ROWS: rows / 4, COLS: cols / 4, PAD: padding(variant), AHEAD: ahead ? 1 : 0 }
}

/** Pieces of a subgroup, and the size of one. */
function matrixConstants(variant: MatrixVariant): KernelConstants {
  const { height, width, down, across, lanes, unit } = variant
  return {
    ROWS: height / down / unit.m,
    COLS: width / across / unit.n,
    PAD: matrixPadding(variant),
    DOWN: down,
    ACROSS: across,
    LANES: lanes,
    UM: unit.m,
    UN: unit.n,
    UK: unit.k,
  }
}
