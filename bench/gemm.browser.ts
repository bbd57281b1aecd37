import { expect, it } from 'vitest'
import { measureGemmLimit } from '../src/engine/fused/tuner/measure-gemm-limit.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { openDevice } from '../src/gpu/open-device.ts'
import { gemmTable, gemmTableShapes } from './gemm-table.ts'

/** The GEMM table of this browser's adapter, and its limit at 512 x 512 x 512. */
it('is measured', async () => {
  const runner = new KernelRunner(await openDevice())
  const limit = await measureGemmLimit(runner)
  console.log(`GEMM limit ${limit.gflops.toFixed(2)} GFLOP/s by ${limit.variant}`)
  await gemmTable(runner, gemmTableShapes, (line) => console.log(line))
  runner.gpu.destroy()
  expect(limit.gflops).toBeGreaterThan(0)
})
