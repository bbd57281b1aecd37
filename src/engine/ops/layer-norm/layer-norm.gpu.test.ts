import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { layerNormCpu } from './layer-norm.cpu.ts'
import { layerNormSumKernel, layerNormVariants } from './layer-norm.ts'

const benches = {
  offered: await KernelBench.open(),
  default: await KernelBench.open('default'),
  folded: await KernelBench.open('folded'),
}

// Rows, width, unit, limits; 2,048 is the width of V1.
const cases = [
  [1, 4, 'group', 'offered'],
  [3, 16, 'group', 'offered'],
  [17, 12, 'thread', 'offered'],
  [17, 12, 'group', 'offered'],
  [127, 132, 'group', 'folded'],
  [257, 16, 'thread', 'folded'],
  [129, 516, 'group', 'default'],
  [3, 2048, 'thread', 'offered'],
  [3, 2048, 'group', 'default'],
] as const

describe.skipIf(!benches.offered)('layer norm and its gradients agree with the twin', () => {
  it.each(cases)('%i x %i, %s, %s limits', async (rows, dim, unit, limits) => {
    const bench = benches[limits]!
    const [x, gamma, beta, dy, base] = [
      testValues(rows * dim, 1, 3),
      testValues(dim, 2),
      testValues(dim, 3),
      testValues(rows * dim, 4),
      testValues(rows * dim, 5),
    ] as const
    const expected = layerNormCpu(x, gamma, beta, dy)
    const { forward, dx, partial, chunk, chunks } = layerNormVariants(unit, rows, dim)
    const { y, stats } = await bench.call({
      ...forward,
      params: { dim, epsilon: 1e-5 },
      values: { x, gamma, beta, y: rows * dim, stats: 2 * rows },
    })
    expect(relativeDifference(y, expected.y)).toBeLessThan(2e-6)
    const back = await bench.call({
      ...dx,
      params: { dim },
      values: { x, gamma, stats, dy, base, dx: rows * dim },
    })
    const withBase = expected.dx.map((value, index) => value + base[index]!)
    expect(relativeDifference(back.dx, withBase)).toBeLessThan(5e-6)
    const sums = await bench.call({
      ...partial,
      params: { rows, dim, chunk },
      values: { x, stats, dy, partial: 2 * chunks * dim },
    })
    const { dgamma, dbeta } = await bench.call({
      kernel: layerNormSumKernel,
      threads: dim / 2,
      params: { dim, chunks, accumulate: 1 },
      values: { partial: sums.partial, dgamma: gamma, dbeta: beta },
    })
    expect(
      relativeDifference(
        dgamma,
        expected.dgamma.map((v, i) => v + gamma[i]!),
      ),
    ).toBeLessThan(2e-6)
    expect(
      relativeDifference(
        dbeta,
        expected.dbeta.map((v, i) => v + beta[i]!),
      ),
    ).toBeLessThan(2e-6)
  })
})
