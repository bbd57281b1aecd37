import { expect, it } from 'vitest'
import { normalArray } from '../src/arrgen/normal-array.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { adapterName, openDevice } from '../src/gpu/open-device.ts'
import { cpuCosines } from '../src/strategies/routing/cosine-source.ts'
import { forecastRouting } from '../src/strategies/routing/forecast-routing.ts'
import { gpuCosines } from '../src/strategies/routing/gpu-cosines.ts'

/** The routing forecast of the issue, 1,000 models of 2,048 dimensions, and the CPU's on a share of the targets. */
const [MODELS, DIM, TARGETS, CPU_TARGETS] = [1000, 2048, 10_000, 200]

it('is measured', async () => {
  const runner = new KernelRunner(await openDevice())
  const others = Array.from({ length: MODELS - 1 }, (_, index) => ({
    id: `m${index}`,
    embedding: normalArray(BigInt(index), DIM),
    stake: BigInt(10 ** 9 * (1 + (index % 10))),
  }))
  const positions = [normalArray(5000n, DIM)]
  const request = (targets: number) => ({
    others,
    positions,
    scenarios: [1n, 10n, 100n].map((soma) => ({ position: 0, stake: soma * 10n ** 9n })),
    targets,
    seed: 1,
  })
  const seconds = async (work: () => Promise<unknown>) => {
    const start = performance.now()
    await work()
    return (performance.now() - start) / 1000
  }
  const onGpu = (targets: number) =>
    forecastRouting(request(targets), { openCosines: (embeddings) => gpuCosines(runner, embeddings) })
  const onCpu = (targets: number) =>
    forecastRouting(request(targets), { openCosines: async (embeddings) => cpuCosines(embeddings) })

  const [gpu, cpu] = [await onGpu(CPU_TARGETS), await onCpu(CPU_TARGETS)]
  const different = gpu.map((one, index) => Math.abs(one.assigned.length - cpu[index]!.assigned.length))
  const cpuSeconds = await seconds(() => onCpu(CPU_TARGETS))
  let whole: Awaited<ReturnType<typeof onGpu>> = []
  const gpuSeconds = await seconds(async () => {
    whole = await onGpu(TARGETS)
  })
  console.log(
    JSON.stringify({
      adapter: adapterName(runner.gpu.adapterInfo),
      models: MODELS,
      dim: DIM,
      targets: TARGETS,
      gpuSeconds,
      cpuSecondsForAsMany: (cpuSeconds * TARGETS) / CPU_TARGETS,
      shares: whole.map(({ stake, share, low, high }) => ({ stake: `${stake}`, share, low, high })),
      assignmentsThatDiffer: different,
    }),
  )
  runner.gpu.destroy()
  expect(Math.max(...different)).toBeLessThanOrEqual(1)
})
