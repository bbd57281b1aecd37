import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxDifference } from '../../../test/golden-tensors.ts'
import { normalArray } from '../../arrgen/normal-array.ts'
import { KernelRunner } from '../../gpu/kernel-runner.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { cpuCosines } from './cosine-source.ts'
import { forecastRouting } from './forecast-routing.ts'
import { gpuCosines } from './gpu-cosines.ts'

let runner: KernelRunner
beforeAll(async () => {
  runner = new KernelRunner(await openDevice())
})
afterAll(() => runner.gpu.destroy())

const vectors = (count: number, dim: number, seed: number) =>
  Array.from({ length: count }, (_, index) => normalArray(BigInt(seed + index), dim))

describe('gpuCosines', () => {
  it('agrees with the CPU at odd sizes, chunk after chunk, asked for ahead', async () => {
    const [models, targets] = [vectors(21, 70, 0), vectors(37, 70, 500)]
    const gpu = await gpuCosines(runner, models, 11)
    const cpu = cpuCosines(models)
    const chunks = [targets.slice(0, 11), targets.slice(11, 22), targets.slice(22, 33), targets.slice(33)]
    const answers = await Promise.all(chunks.map((chunk) => gpu.cosines(chunk)))
    for (const [index, chunk] of chunks.entries()) {
      expect(maxDifference(answers[index]!, await cpu.cosines(chunk))).toBeLessThan(1e-6)
    }
    gpu.dispose()
  })

  it('forecasts what the CPU forecasts', async () => {
    const others = vectors(25, 64, 0).map((embedding, index) => ({
      id: `m${index}`,
      embedding,
      stake: BigInt(10 ** 9 * (1 + (index % 3))),
    }))
    const request = {
      others,
      positions: vectors(1, 64, 90),
      scenarios: [{ position: 0, stake: 3n * 10n ** 9n }],
      targets: 700,
      seed: 3,
    }
    const [gpu] = await forecastRouting(request, {
      openCosines: (embeddings) => gpuCosines(runner, embeddings, 256),
    })
    const [cpu] = await forecastRouting(request, {
      openCosines: async (embeddings) => cpuCosines(embeddings),
    })
    // A target whose scores differ by a rounding may fall on either side.
    expect(Math.abs(gpu!.assigned.length - cpu!.assigned.length)).toBeLessThanOrEqual(1)
    expect(cpu!.assigned.length).toBeGreaterThan(30)
  })
})
