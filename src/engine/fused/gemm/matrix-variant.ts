import type { KernelFeature } from '../../../gpu/kernel.ts'
import type { GpuDevice } from '../../../gpu/open-device.ts'

/** A product that matrix units do at once: [m, k] . [k, n], f32 sums of f16 or f32 operands. */
export interface MatrixUnit {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly half: boolean
}

/**
 * matrix-64x64x16-2x2x32-8x8x8 [-f16]: tiles of 64 x 64 outputs, 16 deep, by 2 x 2 subgroups of at most 32 threads, in
 * pieces that the device's matrix units multiply; `-plain` computes the pieces without them, for tests.
 */
export interface MatrixVariant {
  readonly family: 'matrix'
  readonly height: number
  readonly width: number
  readonly depth: number
  /** Subgroups of a workgroup, along the height and the width of a tile. */
  readonly down: number
  readonly across: number
  /** Threads of the device's largest subgroup. */
  readonly lanes: number
  readonly unit: MatrixUnit
  readonly plain: boolean
  readonly split?: number
}

const FEATURE = 'chromium-experimental-subgroup-matrix'
/** What every device grants, so padding never takes more. */
const GRANTED_WORKGROUP_BYTES = 16_384
/** Vulkan wants rows of a matrix at 16 bytes; 8 scalars more a line keep that and spread the banks. */
const PAD = 8

/** The variant of a name without its split; undefined for any other text. */
export function parseMatrixVariant(name: string): MatrixVariant | undefined {
  const match = /^matrix-(\d+)x(\d+)x(\d+)-(\d+)x(\d+)x(\d+)-(\d+)x(\d+)x(\d+)(-f16|-plain)?$/.exec(name)
  if (!match) return undefined
  const sizes = match.slice(1, 10).map(Number)
  const [height, width, depth, down, across, lanes] = sizes as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [m, n, k] = sizes.slice(6) as [number, number, number]
  const divides = (part: number, whole: number) => part > 0 && whole % part === 0
  const fits =
    [height, width, depth].every((size) => size >= 4 && size <= 256) &&
    [m, n, k].every((size) => divides(4, size) && size > 0) &&
    divides(down * m, height) &&
    divides(across * n, width) &&
    divides(k, depth) &&
    divides(lanes, m * n) &&
    width / 4 <= down * across * lanes
  if (!fits) return undefined
  const unit = { m, n, k, half: match[10] === '-f16' }
  return { family: 'matrix', height, width, depth, down, across, lanes, unit, plain: match[10] === '-plain' }
}

export function matrixThreads({ down, across, lanes }: MatrixVariant): number {
  return down * across * lanes
}

export function matrixFeatures({ plain, unit }: MatrixVariant): KernelFeature[] {
  if (plain) return []
  return ['subgroups', FEATURE, ...(unit.half ? (['shader-f16'] as const) : [])]
}

/** Scalars that a line of a tile is longer than the tile. */
export function matrixPadding(variant: MatrixVariant): number {
  return bytesWith(variant, PAD) <= GRANTED_WORKGROUP_BYTES ? PAD : 0
}

export function matrixWorkgroupBytes(variant: MatrixVariant): number {
  return bytesWith(variant, matrixPadding(variant))
}

function bytesWith({ height, width, depth, down, unit }: MatrixVariant, pad: number): number {
  const tiles = (height + width + 2 * pad) * depth * (unit.half ? 2 : 4)
  return tiles + 4 * down * unit.m * width
}

/** What the matrix units of a device offer with f32 sums; nothing where it lacks them. */
export function matrixUnits({
  device,
  adapterInfo,
}: Pick<GpuDevice, 'device' | 'adapterInfo'>): MatrixUnit[] {
  if (!device.features.has(FEATURE as GPUFeatureName)) return []
  const { subgroupMatrixConfigs = [] } = adapterInfo as { subgroupMatrixConfigs?: Iterable<MatrixConfig> }
  return [...subgroupMatrixConfigs].flatMap(({ componentType, resultComponentType, M, N, K }) => {
    const half = componentType === 'f16'
    const usable =
      resultComponentType === 'f32' &&
      (half ? device.features.has('shader-f16') : componentType === 'f32') &&
      [M, N, K].every((size) => size % 4 === 0)
    return usable ? [{ m: M, n: N, k: K, half }] : []
  })
}

/** Whether a device multiplies the pieces of a variant. */
export function offersMatrices(
  gpu: Pick<GpuDevice, 'device' | 'adapterInfo'>,
  variant: MatrixVariant,
): boolean {
  const { unit, lanes, plain } = variant
  if (plain) return true
  return (
    gpu.adapterInfo.subgroupMaxSize === lanes &&
    matrixUnits(gpu).some(
      ({ m, n, k, half }) => m === unit.m && n === unit.n && k === unit.k && half === unit.half,
    )
  )
}

/** A configuration as Dawn's adapters list it; no types know it yet. */
interface MatrixConfig {
  readonly componentType: string
  readonly resultComponentType: string
  readonly M: number
  readonly N: number
  readonly K: number
}
