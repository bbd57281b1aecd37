import type { KernelConstants } from '../../../gpu/wgsl-template.ts'
import { gemmKernels } from './gemm-kernels.ts'
import type { GemmKind, GemmShape } from './gemm-shape.ts'
import {
  type GemmVariant,
  gemmDemand,
  outputSize,
  padding,
  REGISTER_WORKGROUP,
  type SharedVariant,
} from './gemm-variant.ts'

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
  if (variant.family === 'shared') {
    const [height, width] = outputSize(kind, shape)
    const groups = Math.ceil(height / variant.height) * Math.ceil(width / variant.width)
    const constants = { ...sharedConstants(kind, variant), PARTS: shape.parts ?? 1 }
    const kernel = kernels[variant.half ? 'half' : 'shared']
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

function sharedConstants(kind: GemmKind, variant: SharedVariant): KernelConstants {
  const { height, width, depth, rows, cols, ahead, half } = variant
  const { threads } = gemmDemand(variant)
  const blocks = ((height + width) / 4) * (depth / 4)
  return {
    BM: height,
    BN: width,
    DEPTH: depth,
    ROWS: rows / 4,
    COLS: cols / 4,
    LOADS: Math.ceil(blocks / threads),
    PAD: padding(variant),
    AHEAD: ahead ? 1 : 0,
    HALF: half ? 1 : 0,
    TN: kind === 'tn' ? 1 : 0,
    NT: kind === 'nt' ? 1 : 0,
    WORKGROUP: threads,
  }
}
