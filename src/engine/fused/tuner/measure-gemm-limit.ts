import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { gemmKinds } from '../gemm/gemm-shape.ts'
import { parseGemmVariant, supportsVariant } from '../gemm/gemm-variant.ts'
import { gemmCandidates } from './gemm-candidates.ts'
import type { GemmUse } from './gemm-uses.ts'
import { ranked, type TuneOptions, tuneGemm } from './tune-gemm.ts'

export interface GemmLimit {
  /** Multiplications and additions, 1e9 a second. */
  readonly gigaflops: number
  /** Kind and variant that reached it. */
  readonly family: string
}

const SIDE = 512
/** One that is quick to compile stands for its family where workgroup memory is only simulated. */
const softwareTile = 'shared-64x64x16-8x8-ahead'
const tiles = [
  'shared-64x64x16-8x8',
  softwareTile,
  'shared-128x64x16-8x8-ahead',
  'shared-128x128x16-8x8',
  'shared-128x128x16-8x8-ahead',
]
/** What won at this size on any device so far, or would by what is known of GPUs. */
const shortlist = {
  nn: ['direct-8x3', 'direct-8x2', 'lanes-8x3', 'lanes-8x2', ...tiles],
  nt: ['direct-8x2', 'direct-8x1', 'lanes-8x2', 'lanes-8x1', ...tiles],
  tn: ['direct-2x2', 'direct-2x4', 'lanes-2x2', 'lanes-2x4', ...tiles],
}

/**
 * The device's matrix multiply, which shares of a step are told against: the best of all GEMM families and kinds at
 * 512 x 512 x 512, f32, checked against the CPU twin. Takes some ten seconds on a software adapter.
 */
export async function measureGemmLimit(
  runner: KernelRunner,
  options: Pick<TuneOptions, 'signal' | 'onProgress' | 'between'> = {},
): Promise<GemmLimit> {
  const { gpu } = runner
  const matrices = ({ kind, shape }: GemmUse) =>
    gemmCandidates(gpu, kind, shape).filter((name) => name.startsWith('matrix'))
  const supported = (use: GemmUse) => [
    ...shortlist[use.kind]
      .filter((name) => !gpu.isFallback || name === softwareTile || !tiles.includes(name))
      .filter((name) => supportsVariant(gpu, parseGemmVariant(name)!)),
    ...matrices(use),
  ]
  const uses = gemmKinds.map((kind) => ({ kind, shape: { m: SIDE, k: SIDE, n: SIDE } }))
  const { measured } = await tuneGemm(runner, uses, { ...options, candidates: supported })
  const { gflops, gemmClass, variant } = ranked(measured)[0]!
  return { gigaflops: gflops, family: `${gemmClass.split(' ')[0]} ${variant}` }
}
