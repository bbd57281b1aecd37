import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { embeddingLossCpu } from './distill.cpu.ts'
import { embeddingPullKernel, squaredDistanceCall, squaredDistanceKernel } from './distill.ts'

const bench = await KernelBench.open('default')

describe.skipIf(!bench)('pull of the embedding', () => {
  it.each([
    [1, 4],
    [17, 12],
    [129, 260],
    [3, 2048],
  ])('%i positions of width %i as the twin', async (n, dim) => {
    const [hidden, teacher, base] = [testValues(n * dim, 1), testValues(dim, 2), testValues(n * dim, 3, 1e-3)]
    const { embedding, loss, dhidden } = embeddingLossCpu(hidden, teacher, 0.5)
    const student = Float32Array.from(embedding)
    const result = await bench!.call({
      kernel: embeddingPullKernel,
      threads: (n * dim) / 4,
      params: { dim, scale: 1 / (dim * n) },
      values: { student, teacher, dhidden: base },
    })
    expect(
      relativeDifference(
        result.dhidden,
        dhidden.map((value, at) => value + base[at]!),
      ),
    ).toBeLessThan(1e-6)
    const { y } = await bench!.call({
      kernel: squaredDistanceKernel,
      ...squaredDistanceCall,
      params: { size: dim, offset: 1, scale: 0.5 / dim, accumulate: 1 },
      values: { a: student, b: teacher, y: Float32Array.of(7, 1) },
    })
    expect(relativeDifference(y, [7, 1 + loss])).toBeLessThan(1e-6)
  })
})
