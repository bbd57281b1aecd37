import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { embeddingLossCpu } from './distill.cpu.ts'
import {
  addInPlaceKernel,
  embeddingPullKernel,
  oneGroupCall,
  scaledSumKernel,
  squaredDistanceKernel,
} from './distill.ts'

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
      ...oneGroupCall,
      params: { size: dim, offset: 1, scale: 0.5 / dim, accumulate: 1 },
      values: { a: student, b: teacher, y: Float32Array.of(7, 1) },
    })
    expect(relativeDifference(y, [7, 1 + loss])).toBeLessThan(1e-6)
  })

  it('sums are scaled and added up, and values are added in place', async () => {
    const x = testValues(130, 4)
    const { y } = await bench!.call({
      kernel: scaledSumKernel,
      ...oneGroupCall,
      params: { size: 129, offset: 1, scale: 0.25, accumulate: 1 },
      values: { x, y: Float32Array.of(7, 1) },
    })
    const sum = x.subarray(0, 129).reduce((total, value) => total + value, 0)
    expect(relativeDifference(y, [7, 1 + 0.25 * sum])).toBeLessThan(1e-6)
    const [a, b] = [testValues(132, 5), testValues(132, 6)]
    const added = await bench!.call({
      kernel: addInPlaceKernel,
      threads: 33,
      params: {},
      values: { x: a, y: b },
    })
    expect(added.y).toEqual(b.map((value, at) => Math.fround(value + a[at]!)))
  })
})
