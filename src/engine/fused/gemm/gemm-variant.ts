import type { KernelFeature } from '../../../gpu/kernel.ts'
import type { GpuDevice } from '../../../gpu/open-device.ts'
import type { KernelSet } from '../kernel-set.ts'
import { type GemmKind, type GemmShape, gemmClass } from './gemm-shape.ts'
import {
  type MatrixVariant,
  matrixFeatures,
  matrixThreads,
  matrixWorkgroupBytes,
  offersMatrices,
  parseMatrixVariant,
} from './matrix-variant.ts'

/**
 * One way to compute a matrix product. Its name is what a kernel set stores:
 *   direct-8x2             a register tile of 8 rows and 2 vec4 columns for each thread (of k and of n in a weight
 *                          gradient: 2x2 vec4), no barriers: fastest on the software adapter
 *   lanes-8x2              the same tiles and bits, threads of a quad passing their shared operand around; subgroups
 *   shared-64x64x16-8x8    tiles of 64 x 64 outputs, 16 of the summed dimension at a time, in workgroup memory, 8 x 8
 *                          outputs for each thread; `-ahead` loads the next tile early, `-f16` keeps tiles as f16
 *   matrix-...             tiles multiplied by the device's matrix units (matrix-variant.ts); experimental, never by rule
 * and `-s4` behind any cuts the rows of a weight gradient into at most 4 chunks instead of by rule.
 */
export type GemmVariant = RegisterVariant | SharedVariant | MatrixVariant

export interface RegisterVariant {
  readonly family: 'direct' | 'lanes'
  readonly rows: number
  /** In vec4. */
  readonly cols: number
  readonly split?: number
}

export interface SharedVariant {
  readonly family: 'shared'
  /** Outputs of a workgroup, and the depth of a tile. */
  readonly height: number
  readonly width: number
  readonly depth: number
  /** Outputs of a thread. */
  readonly rows: number
  readonly cols: number
  readonly ahead: boolean
  readonly half: boolean
  readonly split?: number
}

/** What a device must grant for a variant. */
export interface GemmDemand {
  readonly threads: number
  readonly workgroupBytes: number
  readonly features: readonly KernelFeature[]
}

/** Threads of a workgroup without tiles of its own. */
export const REGISTER_WORKGROUP = 64
/** What every device grants, so padding never takes more. */
const GRANTED_WORKGROUP_BYTES = 16_384

/** The variant of this name; undefined for any other text. */
export function parseGemmVariant(name: string): GemmVariant | undefined {
  const split = /-s([1-9]\d*)$/.exec(name)
  const rest = split ? name.slice(0, split.index) : name
  const chunks = split ? { split: Number(split[1]) } : {}
  const register = /^(direct|lanes)-(\d+)x(\d+)$/.exec(rest)
  if (register) {
    const [rows, cols] = [Number(register[2]), Number(register[3])]
    if (![rows, cols].every((size) => size >= 1 && size <= 16)) return undefined
    return { family: register[1] as 'direct' | 'lanes', rows, cols, ...chunks }
  }
  const matrix = parseMatrixVariant(rest)
  if (matrix) return { ...matrix, ...chunks }
  const shared = /^shared-(\d+)x(\d+)x(\d+)-(\d+)x(\d+)(-ahead)?(-f16)?$/.exec(rest)
  if (!shared) return undefined
  const [height, width, depth, rows, cols] = shared.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const divides = (part: number, whole: number) => part > 0 && whole % part === 0
  const fits =
    [height, width, depth].every((size) => size >= 4 && size <= 256) &&
    divides(4, rows) &&
    divides(4, cols) &&
    divides(4, depth) &&
    divides(rows, height) &&
    divides(cols, width)
  if (!fits) return undefined
  const flags = { ahead: shared[6] !== undefined, half: shared[7] !== undefined }
  return { family: 'shared', height, width, depth, rows, cols, ...flags, ...chunks }
}

export function gemmDemand(variant: GemmVariant): GemmDemand {
  if (variant.family === 'matrix') {
    const workgroupBytes = matrixWorkgroupBytes(variant)
    return { threads: matrixThreads(variant), workgroupBytes, features: matrixFeatures(variant) }
  }
  if (variant.family !== 'shared') {
    const features = variant.family === 'lanes' ? (['subgroups'] as const) : []
    return { threads: REGISTER_WORKGROUP, workgroupBytes: 0, features }
  }
  const { height, width, rows, cols, half } = variant
  return {
    threads: (height / rows) * (width / cols),
    workgroupBytes: tileBytes(variant) + padding(variant) * lineBytes(variant),
    features: half ? ['shader-f16'] : [],
  }
}

/** 1 where a tile's lines can be one vec4 longer within what every device grants. */
export function padding(variant: SharedVariant): 0 | 1 {
  return tileBytes(variant) + lineBytes(variant) <= GRANTED_WORKGROUP_BYTES ? 1 : 0
}

function tileBytes({ height, width, depth, half }: SharedVariant): number {
  return (height + width) * depth * (half ? 2 : 4)
}

function lineBytes({ depth, half }: SharedVariant): number {
  return 2 * depth * (half ? 8 : 16)
}

/** Whether what a variant computes is rounded to f16 first. */
export function isHalf(variant: GemmVariant): boolean {
  return variant.family === 'matrix' ? variant.unit.half : variant.family === 'shared' && variant.half
}

/** Whether a device grants what a variant needs. */
export function supportsVariant(
  gpu: Pick<GpuDevice, 'device' | 'adapterInfo'>,
  variant: GemmVariant,
): boolean {
  const { features, limits } = gpu.device
  const demand = gemmDemand(variant)
  return (
    demand.threads <= Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX) &&
    demand.workgroupBytes <= limits.maxComputeWorkgroupStorageSize &&
    demand.features.every((feature) => features.has(feature as GPUFeatureName)) &&
    (variant.family !== 'matrix' || offersMatrices(gpu, variant))
  )
}

/**
 * The variant of a product: what the kernel set names for its class, else by the rule of the family that the set names
 * for all classes as `*`: 'direct', 'shared' or 'shared-f16'; direct if absent.
 */
export function chooseVariant({ gemm }: KernelSet, kind: GemmKind, shape: GemmShape): GemmVariant {
  const named = parseGemmVariant(gemm[gemmClass(kind, shape)] ?? '')
  if (named) return named
  const rule = gemm['*'] ?? 'direct'
  if (rule === 'direct') return directRule(kind, shape)
  return { ...sharedRule(kind, shape), half: rule === 'shared-f16' }
}

/** Rows and columns of a product's output. */
export function outputSize(kind: GemmKind, { m, k, n }: GemmShape): [number, number] {
  return kind === 'nn' ? [m, n] : kind === 'nt' ? [m, k] : [k, n]
}

const ROWS = 8
const ENOUGH_THREADS = 128

/** The first of these columns that leaves threads enough and hardly any lanes idle, or one. */
function directRule(kind: GemmKind, shape: GemmShape): RegisterVariant {
  if (kind === 'tn') return { family: 'direct', rows: 2, cols: 2 }
  const [height, width] = outputSize(kind, shape)
  const cols = (kind === 'nn' ? [3, 2] : [2]).find((columns) => {
    const padded = 4 * columns * Math.ceil(width / (4 * columns))
    const threads = Math.ceil(height / ROWS) * Math.ceil(width / 4 / columns)
    return padded <= 1.04 * width && threads >= ENOUGH_THREADS
  })
  return { family: 'direct', rows: ROWS, cols: cols ?? 1 }
}

/** Workgroups that keep most GPUs busy. */
const ENOUGH_GROUPS = 96
const sharedTiles = ['shared-128x128x16-8x8', 'shared-64x64x16-8x8', 'shared-32x32x16-4x4'] as const

/** The largest tile that leaves workgroups enough, chunks of a weight gradient counted; the smallest if none does. */
function sharedRule(kind: GemmKind, shape: GemmShape): SharedVariant {
  const [height, width] = outputSize(kind, shape)
  const tiles = sharedTiles.map((name) => parseGemmVariant(name) as SharedVariant)
  const chunks = kind === 'tn' ? Math.ceil(shape.m / 256) : 1
  const enough = tiles.find(
    (tile) => chunks * Math.ceil(height / tile.height) * Math.ceil(width / tile.width) >= ENOUGH_GROUPS,
  )
  return enough ?? tiles.at(-1)!
}
