import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { parseGemmVariant, supportsVariant } from '../gemm/gemm-variant.ts'
import { type GemmUse, ranked, type TuneOptions, tuneGemm } from './tune-gemm.ts'

export interface GemmLimit {
  readonly gflops: number
  readonly variant: string
}

const SIZE = 512
const cube: GemmUse = { kind: 'nn', shape: { m: SIZE, k: SIZE, n: SIZE } }
/** What won at this size on any device so far, or would by what is known of GPUs. */
const shortlist = [
  'direct-8x2',
  'direct-8x3',
  'lanes-8x2',
  'lanes-8x3',
  'shared-64x64x16-8x8',
  'shared-64x64x16-8x8-ahead',
  'shared-64x64x16-4x8',
  'shared-128x64x16-8x8-ahead',
  'shared-128x128x16-8x8',
  'shared-128x128x16-8x8-ahead',
]

/**
 * The device's matrix multiply, which shares of a step are told against: the best of all GEMM families at
 * 512 x 512 x 512, f32, checked against the CPU twin. Takes some seconds on a software adapter.
 */
export async function measureGemmLimit(
  runner: KernelRunner,
  options: Pick<TuneOptions, 'signal' | 'onProgress' | 'between'> = {},
): Promise<GemmLimit> {
  const supported = shortlist.filter((name) => supportsVariant(runner.gpu.device, parseGemmVariant(name)!))
  const { measured } = await tuneGemm(runner, [cube], { ...options, candidates: () => supported })
  const { gflops, variant } = ranked(measured)[0]!
  return { gflops, variant }
}
