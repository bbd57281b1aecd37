import { expect, it } from 'vitest'
import { gemmVariants, measureGemm } from '../src/benchmark/measure-gemm-limit.ts'
import { gemmKinds } from '../src/engine/fused/gemm/gemm-shape.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { adapterName, openDevice } from '../src/gpu/open-device.ts'

/** m, k, n of x . w: the limit's cube, then the linear layers of d64, d128 and d256 and their predictors. */
const shapes = [
  [512, 512, 512],
  [128, 64, 192],
  [128, 64, 256],
  [128, 256, 64],
  [128, 64, 264],
  [256, 128, 384],
  [256, 128, 512],
  [256, 512, 128],
  [256, 128, 264],
  [512, 256, 768],
  [512, 256, 1024],
  [512, 1024, 256],
  [512, 256, 264],
] as const

it('measures matrix products', async () => {
  const gpu = await openDevice()
  const runner = new KernelRunner(gpu)
  for (const [m, k, n] of shapes) {
    const gigaflops: Record<string, number> = {}
    for (const kind of gemmKinds) {
      for (const variant of gemmVariants[kind]) {
        const measured = await measureGemm(runner, kind, { m, k, n }, variant)
        gigaflops[`${kind} ${variant}`] = Number(measured.toPrecision(3))
      }
    }
    console.log(JSON.stringify({ gemm: { m, k, n }, gigaflops, adapter: adapterName(gpu.adapterInfo) }))
    expect(Math.max(...Object.values(gigaflops))).toBeGreaterThan(0)
  }
  gpu.destroy()
})
