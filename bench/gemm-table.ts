import { type GemmShape, gemmClass } from '../src/engine/fused/gemm/gemm-shape.ts'
import { type GemmMeasurement, type GemmUse, tuneGemm } from '../src/engine/fused/tuner/tune-gemm.ts'
import type { KernelRunner } from '../src/gpu/kernel-runner.ts'

/** GFLOP/s by shape and family: the best variant of each, and all variants behind it. Runs in a browser and in Node. */

const tokens: Record<string, GemmShape> = {
  'd64 ffn, 128 tokens': { m: 128, k: 64, n: 256 },
  'd128 ffn, 256 tokens': { m: 256, k: 128, n: 512 },
  'd128 qkv, 256 tokens': { m: 256, k: 128, n: 384, parts: 3 },
  'd256 ffn, 512 tokens': { m: 512, k: 256, n: 1024 },
}

export const gemmTableShapes: GemmUse[] = Object.values(tokens).flatMap((shape) =>
  (['nn', 'nt', 'tn'] as const).map((kind) => ({ kind, shape })),
)

/** One JSON line for each class: best of each family, then every variant, fastest first. */
export async function gemmTable(
  runner: KernelRunner,
  uses: readonly GemmUse[],
  print: (line: string) => void,
): Promise<void> {
  for (const use of uses) {
    const { measured } = await tuneGemm(runner, [use])
    const sorted = [...measured].sort((a, b) => b.gflops - a.gflops)
    const best = (family: string) => sorted.find(({ variant }) => variant.startsWith(family))
    const families = ['direct', 'lanes', 'shared'].map((family) => [family, shown(best(family))])
    print(
      JSON.stringify({
        gemmClass: gemmClass(use.kind, use.shape),
        ...Object.fromEntries(families),
        all: sorted.map((result) => shown(result)).join(', '),
      }),
    )
  }
}

function shown(result: GemmMeasurement | undefined): string {
  if (!result) return 'none'
  return `${result.variant} ${result.gflops.toFixed(2)}${result.refused ? ` (${result.refused})` : ''}`
}
