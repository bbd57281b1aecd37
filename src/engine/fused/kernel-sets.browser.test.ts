import { beforeAll, expect, it } from 'vitest'
import type { GpuDevice } from '../../gpu/open-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { openTestGpu } from '../ops/test-gpu.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import { type GemmKind, gemmClass } from './gemm/gemm-shape.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'
import { gemmCandidates } from './tuner/gemm-candidates.ts'
import { gemmUses } from './tuner/gemm-uses.ts'

const config: ModelConfig = { name: 'odd', dim: 20, ffn: 44, layers: 1, heads: 5, vocab: 264 }
const [rows, sequence] = [2, 19]
/** Relative, of losses and gradient norms: sums in another order, and operands rounded to f16. */
const EXACT = 2e-5
const HALF = 2e-3

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openTestGpu()
})

/** Losses of three steps with dropout and two micro-batches each. */
async function losses(kernels: KernelSet): Promise<number[]> {
  const engine = createFusedEngine(config, gpu, { kernels })
  await engine.initialise(5)
  const bytes = (offset: number) =>
    Int32Array.from({ length: rows * sequence }, (_, i) => (i * i * 7 + offset) % 256)
  const batch = (seed: number) => ({ tokens: bytes(seed), targets: bytes(seed + 1), rows, sequence })
  const values: number[] = []
  for (let step = 0; step < 3; step += 1) {
    const microBatches = [batch(step), batch(step + 50)]
    const result = await engine.step({ microBatches, learningRate: 1e-3, dropout: 0.1, seed: 9 })
    values.push(result.loss, result.gradientNorm)
  }
  engine.dispose()
  return values
}

const named = (names: Record<GemmKind, string>): KernelSet => ({
  ...defaultKernelSet,
  gemm: Object.fromEntries(
    gemmUses(config, rows * sequence).map(({ kind, shape }) => [gemmClass(kind, shape), names[kind]]),
  ),
})

it('every family trains alike, and each set gives the same bits again', async () => {
  const expected = await losses(defaultKernelSet)
  const lanes = gpu.device.features.has('subgroups')
  const half = gpu.device.features.has('shader-f16')
  const units = gemmCandidates(gpu, 'nn', { m: 64, k: 64, n: 64 }, true).filter((name) =>
    name.startsWith('matrix-32x32x32'),
  )
  const sets: (readonly [kernels: KernelSet, tolerance: number])[] = [
    [{ ...defaultKernelSet, gemm: { '*': 'shared' } }, EXACT],
    ...(lanes ? [[named({ nn: 'lanes-8x1', nt: 'lanes-4x2', tn: 'lanes-1x2-s2' }), EXACT] as const] : []),
    ...(half ? [[{ ...defaultKernelSet, gemm: { '*': 'shared-f16' } }, HALF] as const] : []),
    ...units.map(
      (name) => [named({ nn: name, nt: name, tn: name }), name.endsWith('f16') ? HALF : EXACT] as const,
    ),
  ]
  for (const [kernels, tolerance] of sets) {
    const values = await losses(kernels)
    values.forEach((value, at) => {
      const error = Math.abs(value - expected[at]!) / Math.max(1, expected[at]!)
      expect(error, JSON.stringify(kernels.gemm)).toBeLessThan(tolerance)
    })
    expect(await losses(kernels)).toEqual(values)
  }
})
