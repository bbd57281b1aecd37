import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { adamConstants } from '../../model-ops.ts'
import { adamCpu } from '../../ops/adam/adam.cpu.ts'
import { KernelBench } from '../../ops/kernel-bench.ts'
import { testValues } from '../../ops/test-values.ts'
import { adamFlatKernel, clipScaleKernel } from './kernels.ts'

const bench = await KernelBench.open('default')
const { beta1, beta2, epsilon } = adamConstants

describe.skipIf(!bench)('Adam over a slab', () => {
  it.each([4, 68, 516])('%i values, the gradient cut to a norm', async (size) => {
    const [value, gradient, m] = [testValues(size, 1), testValues(size, 2), testValues(size, 3, 0.1)]
    const v = testValues(size, 4, 0.1).map(Math.abs)
    const squares = gradient.reduce((sum, entry) => sum + entry ** 2, 0)
    for (const clip of [Math.sqrt(squares) / 3, 2 * Math.sqrt(squares)]) {
      const { scale } = await bench!.call({
        kernel: clipScaleKernel,
        threads: 1,
        params: { index: 2, clip },
        values: { squares: Float32Array.of(0, 0, squares, 0), scale: 1 },
      })
      const factor = Math.min(1, clip / Math.sqrt(squares))
      expect(relativeDifference(scale, [factor])).toBeLessThan(1e-6)
      const params = {
        beta1,
        one_minus_beta1: 1 - beta1,
        beta2,
        one_minus_beta2: 1 - beta2,
        epsilon,
        rate: 1e-3 / (1 - beta1 ** 3),
        root_scale: 1 / Math.sqrt(1 - beta2 ** 3),
      }
      const result = await bench!.call({
        kernel: adamFlatKernel,
        threads: size / 4,
        params,
        values: { gradient, gradient_scale: scale, value, m, v },
      })
      const clipped = gradient.map((entry) => entry * factor)
      const expected = adamCpu(value, m, v, clipped, { learningRate: 1e-3, step: 3 })
      expect(relativeDifference(result.value, expected[0])).toBeLessThan(5e-7)
      expect(relativeDifference(result.m, expected[1])).toBeLessThan(5e-7)
      expect(relativeDifference(result.v, expected[2])).toBeLessThan(5e-7)
    }
  })
})
