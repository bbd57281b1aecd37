import { create, globals } from 'webgpu'
import { type BenchmarkCaseName, benchmarkCases } from '../src/benchmark/benchmark-case.ts'

/** Steps that count. */
const STEPS = 7

/**
 * The bench of our own engines in Node through Dawn, on a real GPU where there is one: one JSON line a config.
 * Peers are left out: neither runs on WebGPU in Node. False where Dawn finds no adapter.
 */
export async function benchInNode(names: readonly BenchmarkCaseName[]): Promise<boolean> {
  const gpu = create([]) as unknown as GPU
  if (!(await gpu.requestAdapter())) return false
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  // Imported only now, because tfjs looks for navigator.gpu while it loads.
  const { compareTrainers } = await import('../src/benchmark/compare-trainers.ts')
  const { engineTrainer } = await import('../src/benchmark/engine-trainer.ts')
  const { gemmLimitAlone } = await import('../src/benchmark/gemm-limit-alone.ts')
  const { createTapeEngine } = await import('../src/engine/create-tape-engine.ts')
  const { createFusedEngine } = await import('../src/engine/fused/create-fused-engine.ts')
  const { adapterName, openDevice } = await import('../src/gpu/open-device.ts')
  const { openTfjsDevice } = await import('../src/gpu/tfjs-device.ts')
  for (const name of names) {
    const job = benchmarkCases[name]
    const own = await openDevice(gpu)
    const under = await openTfjsDevice(await openDevice(gpu))
    const comparison = await compareTrainers(
      job,
      [
        {
          name: 'fused',
          steps: STEPS,
          create: (input) => engineTrainer('fused', createFusedEngine(job.config, own), input),
        },
        {
          name: 'reference',
          steps: STEPS,
          create: (input) => engineTrainer('reference', createTapeEngine(job.config, under), input),
        },
      ],
      {
        gemmLimit: async () => (await gemmLimitAlone(gpu)).gigaflops,
        onProgress: (_done, _total, what) => console.log(`# ${what}`),
      },
    )
    console.log(JSON.stringify({ ...comparison, adapter: adapterName(own.adapterInfo), where: 'node' }))
    under.dispose()
    own.destroy()
  }
  return true
}
