import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GpuDevice, openDevice } from '../../gpu/open-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import { type GemmKind, gemmClass } from './gemm/gemm-shape.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'
import { gemmUses } from './tuner/gemm-uses.ts'

const config: ModelConfig = { name: 'odd', dim: 20, ffn: 44, layers: 1, heads: 5, vocab: 264 }
const [rows, sequence] = [2, 19]

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openDevice()
})
afterAll(() => gpu.destroy())

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
  const sets = [
    { ...defaultKernelSet, gemm: { '*': 'shared' } },
    ...(lanes ? [named({ nn: 'lanes-8x1', nt: 'lanes-4x2', tn: 'lanes-1x2-s2' })] : []),
  ]
  for (const kernels of sets) {
    const values = await losses(kernels)
    values.forEach((value, at) => {
      expect(Math.abs(value - expected[at]!)).toBeLessThan(2e-5 * Math.max(1, expected[at]!))
    })
    expect(await losses(kernels)).toEqual(values)
  }
})
