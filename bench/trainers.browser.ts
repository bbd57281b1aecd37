import { expect, inject, it } from 'vitest'
import { type BenchmarkCaseName, benchmarkCases } from '../src/benchmark/benchmark-case.ts'
import { type Contestant, compareTrainers } from '../src/benchmark/compare-trainers.ts'
import { engineTrainer } from '../src/benchmark/engine-trainer.ts'
import { gemmLimitAlone } from '../src/benchmark/gemm-limit-alone.ts'
import { createJaxTrainer } from '../src/benchmark/peers/jax-trainer.ts'
import { createStockTrainer } from '../src/benchmark/peers/stock-trainer.ts'
import { createTapeEngine } from '../src/engine/create-tape-engine.ts'
import { createFusedEngine } from '../src/engine/fused/create-fused-engine.ts'
import { openDevice } from '../src/gpu/open-device.ts'
import { openTfjsDevice } from '../src/gpu/tfjs-device.ts'

/** Steps that count; peers take fewer where a step takes many seconds on a software adapter. */
const steps: Record<BenchmarkCaseName, Record<'ours' | 'jaxjs' | 'tfjs', number>> = {
  d64: { ours: 9, jaxjs: 9, tfjs: 3 },
  d128: { ours: 7, jaxjs: 7, tfjs: 3 },
  d256: { ours: 5, jaxjs: 3, tfjs: 1 },
}

const name = inject('benchmarkCase')

it.runIf(name !== '')('trains side by side', async () => {
  const job = benchmarkCases[name as BenchmarkCaseName]
  const { ours, jaxjs, tfjs } = steps[name as BenchmarkCaseName]
  // Fused and reference have a device each too: nobody's kernels are compiled by another's first step.
  const own = await openDevice()
  const under = await openTfjsDevice(await openDevice())
  const contestants: Contestant[] = [
    {
      name: 'fused',
      steps: ours,
      create: (input) => engineTrainer('fused', createFusedEngine(job.config, own), input),
    },
    {
      name: 'reference',
      steps: ours,
      create: (input) => engineTrainer('reference', createTapeEngine(job.config, under), input),
    },
    { name: 'tfjs', steps: tfjs, create: createStockTrainer },
    { name: 'jaxjs', steps: jaxjs, create: createJaxTrainer },
  ]
  const measured = await compareTrainers(job, contestants, {
    gemmLimit: async () => (await gemmLimitAlone()).gigaflops,
    onProgress: (_done, _total, what) => console.log(`# ${what}`),
  })
  console.log(JSON.stringify(measured))
  under.dispose()
  own.destroy()
  expect(measured.worstLossDifference).toBeLessThan(1e-3)
})
