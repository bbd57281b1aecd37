import type { GemmKind, GemmShape } from '../gemm/gemm-shape.ts'
import { outputSize, parseGemmVariant, type SharedVariant, supportsVariant } from '../gemm/gemm-variant.ts'

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

/** Chunks of rows that a weight gradient is also tried with; a small output alone leaves a GPU idle. */
const splits = [1, 4, 16, 64]
const SHORTEST_CHUNK = 32

/**
 * Names of the variants worth trying for a product on a device: those it supports, tiles no larger than twice the
 * output. `half`: f16 tiles too, where the device has them.
 */
export function gemmCandidates(
  device: Pick<GPUDevice, 'features' | 'limits'>,
  kind: GemmKind,
  shape: GemmShape,
  half = false,
): string[] {
  const [height, width] = outputSize(kind, shape)
  const precisions = half ? ['', '-f16'] : ['']
  const shared = sharedTiles
    .map((tile) => `shared-${tile}`)
    .filter((name) => {
      const variant = parseGemmVariant(name) as SharedVariant
      return variant.height < 2 * height + 4 && variant.width < 2 * width + 4
    })
    .flatMap((name) => precisions.map((precision) => name + precision))
  const registers = ['direct', 'lanes'].flatMap((family) =>
    registerTiles[kind].map((tile) => `${family}-${tile}`),
  )
  return [...registers, ...shared].filter((name) => supportsVariant(device, parseGemmVariant(name)!))
}

/** What is tried once the best tiles are known: they again, and for a weight gradient other numbers of chunks. */
export function refinements(kind: GemmKind, { m }: GemmShape, best: readonly string[]): string[] {
  const chunks =
    kind === 'tn' ? splits.filter((count) => count * SHORTEST_CHUNK <= Math.max(SHORTEST_CHUNK, m)) : []
  return best.flatMap((name) => [name, ...chunks.map((count) => `${name}-s${count}`)])
}
