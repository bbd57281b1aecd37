import type { GemmShape } from '../src/engine/fused/gemm/gemm-shape.ts'
import { gemmKinds } from '../src/engine/fused/gemm/gemm-shape.ts'
import type { GemmUse } from '../src/engine/fused/tuner/gemm-uses.ts'
import { measureGemmLimit } from '../src/engine/fused/tuner/measure-gemm-limit.ts'
import { ranked, tuneGemm } from '../src/engine/fused/tuner/tune-gemm.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { adapterName, openDevice } from '../src/gpu/open-device.ts'

/** Linear layers of d64, d128 and d256 at the benchmark's tokens, queries, keys and values in one. */
const shapes: GemmShape[] = [
  { m: 128, k: 64, n: 256 },
  { m: 256, k: 128, n: 384, parts: 3 },
  { m: 256, k: 512, n: 128 },
  { m: 512, k: 256, n: 1024 },
]
/** The same of V1 at one window of 1,024 tokens, for GPUs. */
const v1Shapes: GemmShape[] = [
  { m: 1024, k: 1024, n: 3072, parts: 3 },
  { m: 1024, k: 1024, n: 4096 },
  { m: 1024, k: 4096, n: 1024 },
]

/**
 * GFLOP/s by shape and family of every variant worth trying, each checked against the CPU twin: a JSON line for the
 * limit and one for each product. Runs in a browser and, given Dawn's object, in Node.
 */
export async function gemmTable(print: (line: string) => void, gpu?: GPU): Promise<void> {
  const opened = await openDevice(gpu)
  const runner = new KernelRunner(opened)
  const adapter = adapterName(opened.adapterInfo)
  print(JSON.stringify({ gemmLimit: await measureGemmLimit(runner), adapter }))
  const uses = (opened.isFallback ? shapes : [...shapes, ...v1Shapes]).flatMap((shape) =>
    gemmKinds.map((kind): GemmUse => ({ kind, shape })),
  )
  for (const use of uses) {
    const { measured } = await tuneGemm(runner, [use])
    const sorted = ranked(measured)
    const best = (family: string) => {
      const result = sorted.find(({ variant }) => variant.startsWith(family))
      return [family, result ? `${result.gflops.toPrecision(3)} ${result.variant}` : 'none']
    }
    const { kind, shape } = use
    print(
      JSON.stringify({
        gemm: { kind, ...shape },
        gigaflops: Object.fromEntries(['direct', 'lanes', 'shared'].map(best)),
        all: sorted.map(({ variant, gflops }) => `${variant} ${gflops.toPrecision(3)}`).join(', '),
        refused: measured.flatMap(({ variant, refused }) => (refused ? [`${variant}: ${refused}`] : [])),
        adapter,
      }),
    )
  }
  opened.destroy()
}
