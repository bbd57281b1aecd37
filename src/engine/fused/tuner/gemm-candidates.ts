import type { GpuDevice } from '../../../gpu/open-device.ts'
import type { GemmKind, GemmShape } from '../gemm/gemm-shape.ts'
import { outputSize, parseGemmVariant, type SharedVariant, supportsVariant } from '../gemm/gemm-variant.ts'
import { type MatrixVariant, matrixUnits } from '../gemm/matrix-variant.ts'

const registerTiles = {
  nn: ['8x3', '8x2', '8x1', '4x2', '4x4'],
  nt: ['8x2', '8x1', '4x2', '4x4'],
  tn: ['2x2', '1x2', '1x1', '2x4'],
} as const

const sharedTiles = [
  '128x128x16-8x8',
  '128x128x16-8x8-ahead',
  '128x128x8-8x8-ahead',
  '128x64x16-8x8',
  '128x64x16-8x8-ahead',
  '64x64x16-8x8',
  '64x64x16-8x8-ahead',
  '64x64x32-4x8',
  '64x64x16-4x8',
  '64x64x16-4x4',
  '64x32x16-4x4',
  '32x32x32-4x4',
  '32x32x16-4x4',
] as const

/** Tiles and the subgroups that share one. */
const matrixTiles = [
  '128x64x16-4x2',
  '128x64x16-2x2',
  '64x64x32-2x2',
  '64x64x16-2x2',
  '64x64x16-4x2',
  '64x32x32-2x2',
  '32x32x32-2x2',
  '32x32x16-2x1',
] as const

/** Chunks of rows that a weight gradient is also tried with; a small output alone leaves a GPU idle. */
const splits = [1, 4, 16, 64]
const SHORTEST_CHUNK = 32

/**
 * Names of the variants worth trying for a product on a device: those it supports, tiles no larger than twice the
 * output. `half`: f16 operands too, where the device has them. Matrix units are tried where the browser offers them.
 */
export function gemmCandidates(
  gpu: Pick<GpuDevice, 'device' | 'adapterInfo'>,
  kind: GemmKind,
  shape: GemmShape,
  half = false,
): string[] {
  const [height, width] = outputSize(kind, shape)
  const precisions = half ? ['', '-f16'] : ['']
  const fits = (name: string) => {
    const variant = parseGemmVariant(name) as SharedVariant | MatrixVariant | undefined
    return variant !== undefined && variant.height < 2 * height + 4 && variant.width < 2 * width + 4
  }
  const shared = sharedTiles
    .map((tile) => `shared-${tile}`)
    .filter(fits)
    .flatMap((name) => precisions.map((precision) => name + precision))
  const registers = ['direct', 'lanes'].flatMap((family) =>
    registerTiles[kind].map((tile) => `${family}-${tile}`),
  )
  const matrices = matrixNames(gpu, half).filter(fits)
  return [...registers, ...shared, ...matrices].filter((name) =>
    supportsVariant(gpu, parseGemmVariant(name)!),
  )
}

/** Variants on the matrix units that a device offers, those with f16 operands only if asked for. */
function matrixNames(gpu: Pick<GpuDevice, 'device' | 'adapterInfo'>, half: boolean): string[] {
  const lanes = gpu.adapterInfo.subgroupMaxSize
  return matrixUnits(gpu)
    .filter((unit) => half || !unit.half)
    .flatMap(({ m, n, k, half: rounded }) =>
      matrixTiles.map((tile) => `matrix-${tile}x${lanes}-${m}x${n}x${k}${rounded ? '-f16' : ''}`),
    )
}

/** What is tried once the best tiles are known: they again, and for a weight gradient other numbers of chunks. */
export function refinements(kind: GemmKind, { m }: GemmShape, best: readonly string[]): string[] {
  const chunks =
    kind === 'tn' ? splits.filter((count) => count * SHORTEST_CHUNK <= Math.max(SHORTEST_CHUNK, m)) : []
  return best.flatMap((name) => [name, ...chunks.map((count) => `${name}-s${count}`)])
}
