import { beforeAll, expect, it } from 'vitest'
import { KernelRunner } from '../../../gpu/kernel-runner.ts'
import type { GpuDevice } from '../../../gpu/open-device.ts'
import { memoryStore } from '../../../lib/key-value-store.ts'
import { openTestGpu } from '../../ops/test-gpu.ts'
import { gemmKinds } from '../gemm/gemm-shape.ts'
import type { GemmUse } from './gemm-uses.ts'
import { tuneGemm } from './tune-gemm.ts'

const uses: GemmUse[] = gemmKinds.map((kind) => ({ kind, shape: { m: 33, k: 20, n: 36, parts: 3 } }))
const few = () => ['direct-4x2', 'lanes-4x2', 'shared-32x32x16-4x4']

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openTestGpu()
})

it('measures each class once, keeps the answers, and measures again when asked to', async () => {
  const runner = new KernelRunner(gpu)
  const store = memoryStore()
  const tuned = await tuneGemm(runner, [...uses, ...uses], { store, candidates: few })
  const classes = gemmKinds.map((kind) => `${kind} 64x32x64`)
  expect(Object.keys(tuned.gemm)).toEqual(classes)
  for (const { gflops, refused } of tuned.measured) {
    expect(refused).toBeUndefined()
    expect(gflops).toBeGreaterThan(0)
  }
  const again = await tuneGemm(runner, uses, { store, candidates: few })
  expect(again).toEqual({ gemm: tuned.gemm, measured: [] })
  const anew = await tuneGemm(runner, uses.slice(0, 1), { store, candidates: few, again: true })
  expect(anew.measured.length).toBeGreaterThan(0)
})

it('refuses what the device cannot run and stays healthy', async () => {
  const tooLarge = 'shared-256x256x8-4x4'
  const { gemm, measured } = await tuneGemm(new KernelRunner(gpu), uses.slice(0, 1), {
    candidates: () => [tooLarge, 'no such variant', 'direct-4x2'],
  })
  expect(Object.values(gemm)).toEqual(['direct-4x2'])
  const refused = measured.filter((result) => result.refused).map(({ variant }) => variant)
  expect(refused).toEqual([tooLarge, 'no such variant'])
  gpu.assertHealthy()
})

it('picks nothing whose result is off', async () => {
  /** A device whose results are off in one value. */
  class FaultyRunner extends KernelRunner {
    override async read(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
      const content = await super.read(staging, bytes)
      new Float32Array(content)[0]! += 1e-3
      return content
    }
  }
  const { gemm, measured } = await tuneGemm(new FaultyRunner(gpu), uses, { candidates: few })
  expect(gemm).toEqual({})
  expect(measured.every(({ refused }) => refused?.includes('CPU twin'))).toBe(true)
})

it('stops between two measurements', async () => {
  const controller = new AbortController()
  const tuning = tuneGemm(new KernelRunner(gpu), uses, {
    candidates: few,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  await expect(tuning).rejects.toMatchObject({ code: 'cancelled' })
})
